/** Answers uploads: 200 for a file that is published now or was before, and the reason for every other. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { explain, UserError } from '../../core/errors.js';
import { isDenied } from '../../oci/errors.js';
import { parseFileName } from '../../python/filename.js';
import { normalName } from '../../python/name.js';
import { parseVersion } from '../../python/version.js';
import type { Trouble } from '../../simple/problem-document.js';
import { Spool } from './spool.js';
import { type Received, type Upload, type UploadDesk, UploadRefusedError } from './upload-desk.js';
import { type Claims, LEFT, readForm } from './upload-form.js';

/** Milliseconds between two signs of life for a client that waits: Poetry gives up after 15 s of silence. */
const SIGN_OF_LIFE = 5_000;

/** What became of an upload. */
export type Taken =
  | { readonly kind: 'received'; readonly upload: Upload; readonly received: Received }
  | { readonly kind: 'left' }
  | {
      readonly kind: 'failed';
      /** Where the form was read as far as that. */
      readonly file: string | undefined;
      readonly project: string | undefined;
      readonly trouble: Trouble;
    };

/** One upload from the first byte on. Sends interim answers and leaves the last one to its caller. Never throws. */
export type TakeUpload = (request: IncomingMessage, response: ServerResponse) => Promise<Taken>;

export interface UploadPlace {
  readonly desk: UploadDesk;
  /** For temporary files. */
  readonly folder: string;
  /** Milliseconds between two interim answers. */
  readonly signOfLife?: number;
}

/**
 * Takes one upload from the first byte to its answer. Leaves nothing on the disk. Never throws.
 */
export async function takeUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { desk, folder, signOfLife = SIGN_OF_LIFE }: UploadPlace,
): Promise<Taken> {
  let spool: Spool | undefined;
  let file: string | undefined;
  try {
    spool = await Spool.open(folder, Number(request.headers['content-length'] ?? 0));
    const { claims, ...upload } = await readForm(request, spool);
    file = upload.filename;
    checkClaims(upload, claims);
    const received = await whileWaiting(response, signOfLife, () => desk.receive(upload));
    return { kind: 'received', upload, received };
  } catch (error) {
    if (error === LEFT) return { kind: 'left' };
    return { kind: 'failed', file, project: file && projectIn(file), trouble: troubleOf(error) };
  } finally {
    await spool?.remove();
  }
}

/** A form of another file is a mistake of whoever sends it, even where the file is good. */
function checkClaims({ filename }: Upload, { name, version }: Claims): void {
  const parsed = parseFileName(filename);
  const splits = parsed.kind === 'sdist' ? parsed.splits : parsed.kind === 'wheel' ? [parsed] : [];
  if (name !== undefined && !splits.some((split) => normalName(split.name) === normalName(name))) {
    throw another(filename, 'name', name);
  }
  const key = version === undefined ? undefined : parseVersion(version)?.key;
  if (version !== undefined && !splits.some((split) => split.version.key === key))
    throw another(filename, 'version', version);
}

function projectIn(filename: string): string | undefined {
  const parsed = parseFileName(filename);
  const name = parsed.kind === 'wheel' ? parsed.name : parsed.kind === 'sdist' ? parsed.splits[0]?.name : undefined;
  return name === undefined ? undefined : normalName(name);
}

function another(filename: string, field: string, said: string): UploadRefusedError {
  const shown = JSON.stringify(said.slice(0, 100));
  return new UploadRefusedError(
    400,
    `The form is of another file: its ${field} is ${shown}`,
    `The form with ${filename} says ${field} ${shown}: it belongs to another file`,
    { hint: 'upload it again' },
  );
}

/** Interim answers, which every client skips, keep the connection from looking dead while the file is sent on. */
async function whileWaiting<T>(response: ServerResponse, every: number, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    if (!response.headersSent && !response.destroyed) response.writeContinue();
  }, every);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The registry's refusal is not ours: 403 keeps clients from sending the file again, 502 lets them. */
function troubleOf(error: unknown): Trouble {
  const hint = error instanceof UserError && error.hint !== undefined ? `. To fix it: ${error.hint}` : '';
  const detail = `${explain(error).replaceAll('\n', ': ')}${hint}`;
  if (error instanceof UploadRefusedError) return { status: error.status, title: error.title, detail };
  if (isDenied(error)) return { status: 403, title: 'The registry refuses to take it', detail };
  return error instanceof UserError
    ? { status: 502, title: 'The registry failed', detail }
    : { status: 500, title: 'Internal error', detail };
}
