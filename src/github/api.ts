import { UserError } from '../core/errors.js';
import type { Clock } from '../core/ports.js';

/** Where and how GitHub's REST API is asked. */
export interface GitHubAccess {
  /** `https://api.github.com`, or that of another instance. */
  readonly apiUrl: string;
  /** The job's; it goes nowhere else. */
  readonly token: string | undefined;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In milliseconds: a limit that lasts no longer is waited for. As little as a publish can spare unless given. */
  readonly longestWait?: number;
  /** What to do about a missing token and a limit; about publishing unless given. */
  readonly cures?: Readonly<Record<'token' | 'limit', string>>;
}

/** An answer that came: `304` where nothing changed since the ETag that was sent. */
export interface GitHubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

const SILENCE = 20_000;
/** Pauses before the second and third try, in milliseconds. */
const PAUSES = [500, 2_000];
/** A `Retry-After` of at most so many milliseconds is waited for. */
const LONGEST_WAIT = 10_000;

type Method = 'GET' | 'DELETE';

const LIMIT_CURE = 'publish with fewer jobs at once, collect the files in one job, or set `coordination: settle`';

/** Asks GitHub's REST API, with a library that is loaded when the first question comes. */
export class GitHubApi {
  readonly #access: GitHubAccess;

  constructor(access: GitHubAccess) {
    this.#access = access;
  }

  /**
   * @param path with its query, from the API's root
   * @returns whatever was answered; what is worth another try is asked again, three times in all
   * @throws UserError if no answer came, or the rate limit is used up
   */
  get(path: string, etag?: string): Promise<GitHubAnswer> {
    return this.#repeated('GET', path, etag);
  }

  /** The same for a deletion, which may be repeated: what is gone by then is answered 404. */
  delete(path: string): Promise<GitHubAnswer> {
    return this.#repeated('DELETE', path);
  }

  async #repeated(method: Method, path: string, etag?: string): Promise<GitHubAnswer> {
    const { clock, signal, longestWait, cures } = this.#access;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#ask(method, path, etag);
      const pause = pauseAfter(answer, attempt, longestWait ?? LONGEST_WAIT, longestWait && clock.now());
      if (pause === undefined) {
        if (answer instanceof Error) throw new UserError('Cannot reach the API of GitHub', { cause: answer });
        if (isLimited(answer)) throw limited(answer, cures?.limit ?? LIMIT_CURE);
        return answer;
      }
      await clock.sleep(pause, signal);
    }
  }

  /** The answer whatever its status, or the error if there was none. */
  async #ask(method: Method, path: string, etag: string | undefined): Promise<GitHubAnswer | Error> {
    const { apiUrl, token, userAgent, signal, cures } = this.#access;
    if (token === undefined) {
      throw new UserError('Cannot ask the API of GitHub: there is no token for it', {
        hint: cures?.token ?? 'give the input `github-token`, or set `coordination: settle`',
      });
    }
    const { getOctokitOptions, GitHub } = await import('@actions/github/lib/utils');
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const octokit = new GitHub(getOctokitOptions(token, { baseUrl: apiUrl, userAgent, log: quiet }));
    const headers = { 'x-github-api-version': '2022-11-28', ...(etag && { 'if-none-match': etag }) };
    try {
      const request = { signal: AbortSignal.any([signal, AbortSignal.timeout(SILENCE)]) };
      const { status, headers: received, data } = await octokit.request(`${method} ${path}`, { headers, request });
      return { status, headers: textual(received), body: data };
    } catch (error) {
      signal.throwIfAborted();
      return answerOf(error) ?? (error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** Octokit throws whatever is not 2xx; a status is an answer if it came with headers. */
function answerOf(error: unknown): GitHubAnswer | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error)) return undefined;
  const { status, response } = error;
  if (typeof status !== 'number' || typeof response !== 'object' || response === null) return undefined;
  const headers = 'headers' in response && typeof response.headers === 'object' ? (response.headers ?? {}) : {};
  return { status, headers: textual(headers), body: 'data' in response ? response.data : undefined };
}

function textual(headers: object): Readonly<Record<string, string | undefined>> {
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name.toLowerCase(), String(value)]],
  );
  return Object.fromEntries(pairs);
}

/**
 * Milliseconds to wait before the next try; `undefined` if there is none.
 * @param now where the end of an hour's limit is waited for, too
 */
function pauseAfter(
  answer: GitHubAnswer | Error,
  attempt: number,
  longest: number,
  now: number | undefined,
): number | undefined {
  const pause = PAUSES[attempt];
  if (pause === undefined) return undefined;
  if (answer instanceof Error || answer.status >= 500) return pause;
  const { 'retry-after': after, 'x-ratelimit-reset': reset } = answer.headers;
  const untilReset = now === undefined ? Number.NaN : Number(reset ?? Number.NaN) * 1_000 - now;
  const wait = after === undefined ? untilReset : Number(after) * 1_000;
  return isLimited(answer) && wait <= longest ? Math.max(wait, pause) : undefined;
}

/** @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function isLimited({ status, headers }: GitHubAnswer): boolean {
  if (status === 429) return true;
  return status === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined);
}

function limited({ headers }: GitHubAnswer, hint: string): UserError {
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
  const until = Number.isFinite(reset) ? ` until ${new Date(reset).toISOString()}` : '';
  return new UserError(`Cannot ask the API of GitHub: this repository's rate limit is used up${until}`, { hint });
}
