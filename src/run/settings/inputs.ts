/**
 * The inputs of the action, in the order of action.yml. The command has an option of the same name for each, except
 * `files` (its arguments) and `summary` (which belongs to a job).
 */
export const INPUT_NAMES = [
  'files',
  'registry',
  'namespace',
  'username',
  'password',
  'github-token',
  'if-exists',
  'if-no-files-found',
  'annotations',
  'default-annotations',
  'oci-layout',
  'dry-run',
  'coordination',
  'job-index',
  'job-total',
  'concurrency',
  'pyoci-url',
  'summary',
] as const;

export type InputName = (typeof INPUT_NAMES)[number];

/** Values as they were written. Empty = not given. */
export type RawInputs = Readonly<Record<InputName, string>>;

/**
 * What counts where nothing is given. action.yml states the same defaults for the runner, but an explicit empty value
 * (a variable that is not set) reaches us as empty, so they are applied here once more. An empty default is decided by
 * the place we run in: see `readSettings`.
 */
export const DEFAULTS: RawInputs = {
  files: 'dist/*.whl\ndist/*.tar.gz',
  registry: '',
  namespace: '',
  username: '',
  password: '',
  'github-token': '',
  'if-exists': 'error',
  'if-no-files-found': 'error',
  annotations: '',
  'default-annotations': 'true',
  'oci-layout': '',
  'dry-run': 'false',
  coordination: 'auto',
  'job-index': '',
  'job-total': '',
  concurrency: '4',
  'pyoci-url': 'https://pyoci.com',
  summary: 'true',
};

/** How a face calls an input when it talks to its user: ``input `registry` ``, or `option --registry`. */
export type Spelling = (name: InputName) => string;
