import { readFile } from 'node:fs/promises';
import { codeOf } from '../../../core/error-code.js';
import { explain, UserError } from '../../../core/errors.js';
import { isObject, type JsonObject } from '../../descriptor.js';
import { type AuthFile, nameOf } from './auth-files.js';
import { loginCommand } from './docker-host.js';

/** A file of credentials, or the helper that it names, is of no use. */
export class UnusableAuthFileError extends UserError {
  override readonly name = 'UnusableAuthFileError';
  /** The message, which may be about a helper, with the file in it. */
  readonly told: string;
  /** The tool that writes the file passes this over itself. */
  readonly harmless: boolean;

  constructor(
    message: string,
    options: ErrorOptions & { readonly hint?: string | undefined; readonly told?: string; readonly harmless?: boolean },
  ) {
    super(message, options);
    this.told = options.told ?? message;
    this.harmless = options.harmless ?? false;
  }
}

const CODES: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
};

/**
 * The object in a file of credentials; `undefined` if there is no file.
 * @param host for the hint: where to log in again
 * @throws UnusableAuthFileError naming the file. Nothing of its text is shown, it holds secrets
 */
export async function contentOf(file: AuthFile, host: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(file.path, 'utf8');
  } catch (cause) {
    const code = codeOf(cause) ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const login = loginTo(host, file);
    const hint = code === 'EISDIR' ? `remove the folder ${file.path}, then run "${login}" again` : again(host, file);
    throw new UnusableAuthFileError(`Cannot read ${nameOf(file)}: ${CODES[code] ?? explain(cause)}`, { cause, hint });
  }
  // Docker takes a file without content for one without entries; podman does not.
  if (text.trim() === '') throw malformed(file, host, 'it is empty', file.tool === 'docker');
  if (text.startsWith('\uFEFF')) throw malformed(file, host, 'it begins with a byte-order mark, so it is not JSON');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw malformed(file, host, 'it is not JSON');
  }
  if (!isObject(value)) throw malformed(file, host, 'it is not a JSON object');
  return value;
}

/** @param state what is wrong with the file, without a secret */
export function malformed(file: AuthFile, host: string, state: string, harmless = false): UnusableAuthFileError {
  return new UnusableAuthFileError(`Cannot read ${nameOf(file)}: ${state}`, { hint: again(host, file), harmless });
}

function again(host: string, file: AuthFile): string {
  return `run "${loginTo(host, file)}" again, or give user name and password directly`;
}

function loginTo(host: string, { tool }: AuthFile): string {
  return tool === 'docker' ? loginCommand(host) : `podman login ${host}`;
}
