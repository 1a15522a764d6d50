/**
 * Why a `License-File` is none: the path of a file, relative to the root of the sources, with slashes.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/#license-file-multiple-use
 */
export function licenseFileFault(path: string): string | undefined {
  if (path.includes('..')) return 'it has ".." in it';
  if (path.includes('*')) return 'it is a pattern and not the path of a file';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'it is not relative';
  if (path.includes('\\')) return 'it has a backslash, where a slash belongs';
  if (/^$|\/\.?(?:\/|$)|^\.\//.test(path)) return 'it is not in its shortest form';
  return undefined;
}
