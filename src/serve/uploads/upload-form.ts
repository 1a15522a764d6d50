/**
 * The form that twine, uv and others send: fields about a file, and the file, which goes to a disk while it comes in.
 * Fields are never believed over the file.
 * @see https://docs.pypi.org/api/upload/
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { UserError } from '../../core/errors.js';
import { parseFileName } from '../../python/filename.js';
import type { Spool, SpooledFile } from './spool.js';
import { type Upload, UploadRefusedError } from './upload-desk.js';

/** Bytes of one field: descriptions are long, and are not read. */
const LONGEST_FIELD = 4 * 1024 * 1024;
/** A project has a field for each classifier, requirement and address. */
const MOST_FIELDS = 10_000;
/** Fields that are looked at. */
const READ: readonly string[] = [':action', 'name', 'version', 'sha256_digest', 'attestations'];

/**
 * Reads the form to its end.
 * @throws UploadRefusedError for a form that is none, lacks something or says something else than the file; what the
 * client's connection failed with
 */
export async function readForm(request: IncomingMessage, spool: Spool): Promise<Upload & { readonly claims: Claims }> {
  const form = new Form(request, spool);
  const { fields, file } = await form.read();
  const action = fields.get(':action');
  if (action !== 'file_upload') {
    throw refused(
      `its field :action is ${action === undefined ? 'missing' : `"${action.slice(0, 100)}"`}, expected "file_upload"`,
    );
  }
  if (!file) throw refused('it holds no file: the field "content" is missing');
  const stated = fields.get('sha256_digest')?.toLowerCase();
  if (stated && stated !== file.sha256) {
    throw new UploadRefusedError(
      400,
      'The file is not what its sha256_digest says',
      `${file.filename} came with sha256:${file.sha256}, and its form says sha256:${stated.slice(0, 100)}: it was changed on the way, or the form belongs to another file`,
      { hint: 'upload it again' },
    );
  }
  const attestations = fields.get('attestations');
  return { ...file, attestations, claims: { name: fields.get('name'), version: fields.get('version') } };
}

/** What the form says of the file. */
export interface Claims {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

type NamedFile = SpooledFile & { readonly filename: string };

class Form {
  readonly #request: IncomingMessage;
  readonly #spool: Spool;
  readonly #fields = new Map<string, string>();
  #file: Promise<NamedFile> | undefined;
  readonly #stop = new AbortController();

  constructor(request: IncomingMessage, spool: Spool) {
    this.#request = request;
    this.#spool = spool;
  }

  async read(): Promise<{ readonly fields: ReadonlyMap<string, string>; readonly file: NamedFile | undefined }> {
    const parser = this.#parser();
    const parsed = new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => {
        reject(error);
        // What is still to come is nothing to us any more.
        this.#request.unpipe(parser);
        this.#request.resume();
      };
      parser.on('field', (name, value, _nameTruncated, truncated) => this.#takeField(name, value, truncated, fail));
      parser.on('file', (name, stream, filename) => this.#takeFile(name, stream, filename, fail));
      parser.on('fieldsLimit', () => fail(refused(`it has more than ${MOST_FIELDS} fields`)));
      parser.on('error', (error) => fail(refused(`it cannot be read: ${(error as Error).message}`)));
      parser.on('finish', resolve);
      const leave = (): void => {
        if (!this.#request.complete) fail(LEFT);
      };
      this.#request.once('close', leave);
      this.#request.pipe(parser);
      // It may have left before anybody listened.
      if (this.#request.destroyed) leave();
    });
    try {
      await parsed;
      return { fields: this.#fields, file: await this.#file };
    } catch (error) {
      // Nothing is written any more when the folder is removed.
      this.#stop.abort(error);
      await this.#file?.catch(() => {});
      throw error;
    }
  }

  #parser(): BusboyInstance {
    if (!/^multipart\/form-data\b/i.test(this.#request.headers['content-type'] ?? '')) {
      throw refused('it is no form of multipart/form-data');
    }
    try {
      return new Busboy({
        headers: this.#request.headers as BusboyHeaders,
        limits: { fields: MOST_FIELDS, fieldSize: LONGEST_FIELD },
      });
    } catch (error) {
      throw refused(`it is no form of multipart/form-data: ${(error as Error).message}`);
    }
  }

  #takeField(name: string, value: string, truncated: boolean, fail: (error: unknown) => void): void {
    if (!READ.includes(name)) return;
    if (truncated) fail(refused(`its field ${name} is longer than ${LONGEST_FIELD} bytes`));
    else if (this.#fields.has(name)) fail(refused(`it has the field ${name} twice`));
    else this.#fields.set(name, value);
  }

  #takeFile(name: string, stream: Readable, filename: string | undefined, fail: (error: unknown) => void): void {
    const wrong = this.#wrongFile(name, filename);
    if (wrong) {
      stream.resume();
      fail(wrong);
      return;
    }
    const named = filename as string;
    const file = this.#spool
      .write(stream, named, this.#stop.signal)
      .then((spooled) => ({ ...spooled, filename: named }));
    file.catch(fail);
    this.#file = file;
  }

  #wrongFile(name: string, filename = ''): UploadRefusedError | undefined {
    if (name !== 'content')
      return refused(`it holds a file in the field "${name.slice(0, 100)}", expected one in "content"`);
    if (this.#file) return refused('it holds two files, expected one');
    const parsed = parseFileName(filename);
    if (parsed.kind === 'wheel' || parsed.kind === 'sdist') return undefined;
    const why = parsed.kind === 'malformed' ? parsed.finding.message : 'it is neither a wheel nor a .tar.gz sdist';
    const shown = JSON.stringify(filename.slice(0, 200));
    return new UploadRefusedError(400, `Not a distribution: ${why}`, `Cannot publish the file ${shown}: ${why}`, {
      hint: parsed.kind === 'malformed' ? parsed.finding.hint : 'upload wheels and sdists',
    });
  }
}

/** The client left before all of it was there. */
export const LEFT = new UserError('the client left before the upload was complete');

function refused(why: string): UploadRefusedError {
  return new UploadRefusedError(400, `Not an upload: ${why}`, `Cannot read the upload: ${why}`, {
    hint: 'upload by twine, uv publish or another tool that speaks the upload API of PyPI',
  });
}
