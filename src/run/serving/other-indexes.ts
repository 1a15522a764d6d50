/** Which indexes this environment uses already: one to leave other names to, and those that would be asked beside ours. Pure. */
import { UsageError } from '../../core/errors.js';
import type { Env } from '../../core/ports.js';
import { pipOption } from './pip-config.js';
import type { PipFile } from './pip-files.js';

/** An index, and where it is set: `UV_DEFAULT_INDEX`, or a file and the option in it. */
export interface NamedIndex {
  readonly where: string;
  readonly url: string;
}

/** What pip and uv would take for their index, the most important of each. */
export function usualIndexes(env: Env, files: readonly PipFile[]): readonly NamedIndex[] {
  const inFiles = files.flatMap(({ path, config }) => {
    const url = pipOption(config, 'index-url');
    return url === undefined ? [] : [{ where: `index-url in ${path}`, url }];
  });
  const pip = variable(env, 'PIP_INDEX_URL') ?? inFiles.at(-1);
  const uv = variable(env, 'UV_DEFAULT_INDEX') ?? variable(env, 'UV_INDEX_URL');
  // Of uv's form `name=url` the name means nothing here.
  const named = uv && { ...uv, url: uv.url.replace(/^[A-Za-z0-9_.-]+=/, '') };
  return [pip, named].filter((index) => index !== undefined);
}

const EXTRA_VARIABLES = ['PIP_FIND_LINKS', 'PIP_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS'];
/** Of pip's files: what `extra-index-url` says there is replaced by ours, in the variable. */
const EXTRA_OPTION = 'find-links';

/**
 * Names what would bring other indexes in beside ours, from which a client could take a package of the same name.
 * @throws UsageError that names the variable, or the file and the option
 */
export function refuseExtras(env: Env, files: readonly PipFile[], spelled: (name: 'extra-indexes') => string): void {
  const variables = EXTRA_VARIABLES.filter((name) => (env[name] ?? '').trim() !== '').map(
    (name) => `the variable ${name}`,
  );
  const options = files
    .filter(({ config }) => pipOption(config, EXTRA_OPTION) !== undefined)
    .map(({ path }) => `${EXTRA_OPTION} in ${path}`);
  const [first, ...more] = [...variables, ...options];
  if (first === undefined) return;
  const found = [first, ...more].join(', ');
  throw new UsageError(`Cannot serve: ${found} would bring in packages from elsewhere under the names of yours`, {
    hint: `unset it for this command, or set ${spelled('extra-indexes')} to allow if you trust what is there`,
  });
}

function variable(env: Env, name: string): NamedIndex | undefined {
  const url = env[name]?.trim();
  return url ? { where: name, url } : undefined;
}
