/**
 * The inputs of a command, by name: what counts for each where nothing is given. An empty default is decided by the place
 * we run in.
 */
export type InputTable = Readonly<Record<string, { readonly default: string }>>;

export type InputName<Table extends InputTable> = keyof Table & string;

/** Values as they were written. Empty = not given. */
export type RawInputs<Table extends InputTable> = Readonly<Record<InputName<Table>, string>>;

/** How a face calls an input when it talks to its user: ``input `registry` ``, or `option --registry`. */
export type Spelling<Table extends InputTable> = (name: InputName<Table>) => string;

/** What signs in, for every command that speaks to a registry. */
export const SIGN_IN_INPUTS = {
  username: { default: '' },
  password: { default: '' },
  'github-token': { default: '' },
} as const satisfies InputTable;

/** Where packages are, for commands that look at more than one repository. */
export const PLACE_INPUTS = {
  registry: { default: '' },
  namespace: { default: '' },
  'oci-layout': { default: '' },
} as const satisfies InputTable;

/** For the package index, in the order of its options. */
export const SERVE_INPUTS = {
  packages: { default: '' },
  ...PLACE_INPUTS,
  ...SIGN_IN_INPUTS,
  fallback: { default: 'auto' },
  'extra-indexes': { default: 'refuse' },
  port: { default: '' },
} as const satisfies InputTable;

/** For commands that read one repository, whose name is an argument. */
export const READING_INPUTS = {
  ...SIGN_IN_INPUTS,
  'oci-layout': { default: '' },
  concurrency: { default: '4' },
} as const satisfies InputTable;

/** For yanking one version, whose name is an argument. */
export const YANK_INPUTS = {
  reason: { default: '' },
  ...SIGN_IN_INPUTS,
  'oci-layout': { default: '' },
} as const satisfies InputTable;

/** For copying, whose places are arguments. */
export const COPY_INPUTS = {
  'from-oci-layout': { default: '' },
  'to-oci-layout': { default: '' },
  versions: { default: '' },
  since: { default: '' },
  'if-exists': { default: 'error' },
  ...SIGN_IN_INPUTS,
  'from-username': { default: '' },
  'from-password': { default: '' },
  concurrency: { default: '4' },
} as const satisfies InputTable;

/** For pruning, in the order of prune/action.yml. The command has packages for its arguments, and no summary. */
export const PRUNE_INPUTS = {
  packages: { default: '' },
  dev: { default: 'false' },
  pre: { default: 'false' },
  local: { default: 'false' },
  finals: { default: 'false' },
  'keep-last': { default: '' },
  'older-than': { default: '' },
  per: { default: '' },
  keep: { default: '' },
  untagged: { default: 'false' },
  apply: { default: 'false' },
  'trust-created': { default: 'false' },
  'even-all': { default: 'false' },
  ...SIGN_IN_INPUTS,
  'oci-layout': { default: '' },
  concurrency: { default: '16' },
  summary: { default: 'true' },
} as const satisfies InputTable;

/**
 * For publishing, in the order of action.yml, which states the same defaults for the runner. They are applied here once
 * more since an explicit empty value (a variable that is not set) reaches us as empty. The command has an option of the
 * same name for each, except `files` (its arguments) and `summary` (which belongs to a job).
 */
export const PUBLISH_INPUTS = {
  files: { default: 'dist/*.whl\ndist/*.tar.gz' },
  registry: { default: '' },
  namespace: { default: '' },
  ...SIGN_IN_INPUTS,
  'if-exists': { default: 'error' },
  'if-no-files-found': { default: 'error' },
  attachments: { default: 'auto' },
  attach: { default: '' },
  annotations: { default: '' },
  'default-annotations': { default: 'true' },
  'oci-layout': { default: '' },
  'dry-run': { default: 'false' },
  coordination: { default: 'auto' },
  'job-index': { default: '' },
  'job-total': { default: '' },
  concurrency: { default: '4' },
  'pyoci-url': { default: 'https://pyoci.com' },
  summary: { default: 'true' },
} as const satisfies InputTable;

export type SignInInputs = RawInputs<typeof SIGN_IN_INPUTS>;
export type ServeInputs = RawInputs<typeof SERVE_INPUTS>;
export type YankInputs = RawInputs<typeof YANK_INPUTS>;
export type CopyInputs = RawInputs<typeof COPY_INPUTS>;
export type ReadingInputs = RawInputs<typeof READING_INPUTS>;
export type PruneInputs = RawInputs<typeof PRUNE_INPUTS>;
export type PublishInputs = RawInputs<typeof PUBLISH_INPUTS>;

/** The names in a table, in its order. */
export function inputNames<Table extends InputTable>(table: Table): readonly InputName<Table>[] {
  return Object.keys(table);
}

/** One value for each input of a table. */
export function inputsBy<Table extends InputTable>(
  table: Table,
  read: (name: InputName<Table>) => string,
): RawInputs<Table> {
  return Object.fromEntries(inputNames(table).map((name) => [name, read(name)])) as RawInputs<Table>;
}

/** Inputs of which these are given and no others. */
export function givenInputs<Table extends InputTable>(
  table: Table,
  given: Partial<RawInputs<Table>>,
): RawInputs<Table> {
  return inputsBy(table, (name) => given[name] ?? '');
}
