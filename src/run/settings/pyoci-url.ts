import { UsageError } from '../../core/errors.js';

/**
 * The `pyoci-url` input: the address of a PyOCI server, without a slash at its end.
 * @throws UsageError for anything that would make a wrong index URL of it, or put a password into one
 */
export function parsePyociUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username || url?.password) {
    throw new UsageError('it holds a user or a password, expected the address alone, as in https://pyoci.com');
  }
  if ((url?.protocol !== 'https:' && url?.protocol !== 'http:') || url.search || url.hash) {
    throw new UsageError(`found "${text}", expected the address of a PyOCI server, as in https://pyoci.com`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
