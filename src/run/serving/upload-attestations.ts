/** Attestations that come with an upload, laid beside its file as they would lie in `dist`. */
import { writeFile } from 'node:fs/promises';
import { type Upload, UploadRefusedError } from '../../serve/uploads/upload-desk.js';

/** What tells the kinds apart, and how each is named beside its file. @see https://peps.python.org/pep-0740/ */
const SUFFIXES: readonly (readonly [predicate: RegExp, suffix: string])[] = [
  [/^https:\/\/docs\.pypi\.org\/attestations\/publish\/v1$/, '.publish.attestation'],
  [/^https:\/\/slsa\.dev\/provenance\/v1$/, '.slsa.attestation'],
];

/**
 * @returns their paths, beside that of the upload, with which they are removed
 * @throws UploadRefusedError for what is no list of attestations, or holds two of one kind or one of no kind that we know
 */
export async function keepAttestations({ attestations, filename, path }: Upload): Promise<readonly string[]> {
  if (attestations === undefined || attestations.trim() === '') return [];
  const refused = (why: string): UploadRefusedError =>
    new UploadRefusedError(400, `Its attestations: ${why}`, `Cannot publish ${filename}: of its attestations, ${why}`, {
      hint: 'sign again, or upload without them: leave out --attestations of twine, give --no-attestations to uv publish',
    });
  const list = parsed(attestations);
  if (!Array.isArray(list)) throw refused('the field is no JSON list');
  const kept = new Map<string, string>();
  for (const one of list as readonly unknown[]) {
    const predicate = predicateOf(one);
    const suffix = SUFFIXES.find(([kind]) => predicate !== undefined && kind.test(predicate))?.[1];
    if (suffix === undefined) throw refused('one is of no kind that PEP 740 has');
    if (kept.has(suffix)) throw refused('two are of one kind');
    kept.set(suffix, JSON.stringify(one));
  }
  for (const [suffix, text] of kept) await writeFile(`${path}${suffix}`, text, { flag: 'wx' });
  return [...kept.keys()].map((suffix) => `${path}${suffix}`);
}

/** What the signed statement says that it is. Whether it is about this file is looked into with all other checks. */
function predicateOf(attestation: unknown): string | undefined {
  const { envelope } = objectOr(attestation);
  const { statement } = objectOr(envelope);
  const decoded = typeof statement === 'string' ? parsed(Buffer.from(statement, 'base64').toString('utf8')) : undefined;
  const { predicateType } = objectOr(decoded);
  return typeof predicateType === 'string' ? predicateType : undefined;
}

function objectOr(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
