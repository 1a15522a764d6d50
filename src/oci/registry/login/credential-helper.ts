import { UserError } from '../../../core/errors.js';
import { printable } from '../../../core/text/printable.js';
import { isObject } from '../../descriptor.js';

/** What a credential helper printed, and how it ended. */
export interface HelperAnswer {
  readonly code: number;
  readonly stdout: string;
}

/**
 * Runs `docker-credential-NAME get` with `stdin`; `undefined` if there is no such program.
 * @throws UserError if it takes too long or prints too much
 */
export type RunHelper = (name: string, stdin: string) => Promise<HelperAnswer | undefined>;

/** What a helper holds for one registry. */
export interface Login {
  /** `<token>`: the secret is an identity token. */
  readonly username: string;
  readonly secret: string;
}

/** No shell is used, yet the name becomes part of a program's. */
const NAME = /^[A-Za-z0-9_.-]+$/;

export function isHelperName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The answer to `get`; `undefined` if the helper holds nothing for this registry.
 * @see https://github.com/docker/docker-credential-helpers#development
 * @throws UserError if it failed for another reason. What it printed is shown only then: it holds no secret.
 */
export function loginIn(answer: HelperAnswer, helper: string): Login | undefined {
  if (answer.code !== 0) {
    if (/not found/i.test(answer.stdout)) return undefined;
    const words = printable(answer.stdout.trim(), 200);
    throw failed(helper, `it ended with code ${answer.code}${words && `: ${words}`}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(answer.stdout);
  } catch {
    // The text itself, which the parser's error would quote, may be a secret.
    throw failed(helper, 'what it printed is not JSON');
  }
  if (!isObject(value) || typeof value.Username !== 'string' || typeof value.Secret !== 'string') {
    throw failed(helper, 'its answer has no "Username" and "Secret"');
  }
  return value.Username && value.Secret ? { username: value.Username, secret: value.Secret } : undefined;
}

function failed(helper: string, state: string): UserError {
  return new UserError(`Cannot get credentials from docker-credential-${helper}: ${state}`, {
    hint: `try "docker-credential-${helper} get" in a terminal, or give user name and password directly`,
  });
}
