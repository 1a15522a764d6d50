/** The `code` that Node gives its errors (`ENOENT`, `ERR_PARSE_ARGS_UNKNOWN_OPTION`), if there is one. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
