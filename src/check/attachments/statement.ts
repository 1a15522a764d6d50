/** Which files a signed statement is about. Reads what the statement says; whether the signature is good is not checked. */

import { UserError } from '../../core/errors.js';
import { isObject, type Json, type JsonObject } from '../../oci/descriptor.js';

/** What a statement, or a signature, is about. */
export interface Subject {
  /** As the statement has it; `undefined` where it names none. Untrusted. */
  readonly name: string | undefined;
  /** 64 hex characters. */
  readonly sha256: string;
}

const STATEMENT = /^https:\/\/in-toto\.io\/Statement\/v/;
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v[0-9.]+)?\+json/;
const IN_TOTO = 'application/vnd.in-toto+json';
const SIGN_AGAIN = 'make it again with the tool that signed it';

/** Whether a document is an attestation as PyPI has them. @see https://peps.python.org/pep-0740/#attestation-objects */
export function isAttestation(value: JsonObject): boolean {
  return isObject(value.envelope) && 'verification_material' in value;
}

/** Whether a document is a bundle of Sigstore's. @see https://docs.sigstore.dev/about/bundle/ */
export function isBundle(value: JsonObject): boolean {
  return typeof value.mediaType === 'string' && BUNDLE.test(value.mediaType);
}

/**
 * The one file of an attestation as PyPI has them.
 * @throws UserError if it is none, or its statement is about another number of files
 */
export function attestedFile(value: JsonObject): Subject {
  const { version, envelope } = value;
  if (!isAttestation(value) || !isObject(envelope)) {
    throw wrong(
      `it is no attestation of PEP 740: it has no ${isObject(envelope) ? '"verification_material"' : '"envelope"'}`,
      isBundle(value)
        ? 'it is a Sigstore bundle: name it after its file with .sigstore.json at the end'
        : 'make it with pypi-attestations or gh-action-pypi-publish, or leave it out',
    );
  }
  if (version !== 1) throw wrong(`its version is ${JSON.stringify(version)}, expected 1`, SIGN_AGAIN);
  const [subject, ...others] = subjectsOf(envelope.statement);
  if (!subject || others.length) {
    const names = [subject, ...others].flatMap((one) => (one ? [one.name ?? `sha256:${one.sha256}`] : []));
    throw wrong(
      `its statement is about ${names.length} files (${shortened(names)}), expected one`,
      'sign each file by itself; a Sigstore bundle about several belongs to the version (attach: attestation=FILE, or --attach attestation=FILE)',
    );
  }
  if (subject.name === undefined) throw wrong('its statement names no file', SIGN_AGAIN);
  return subject;
}

/** What a bundle of Sigstore's holds. */
export interface Signed {
  readonly kind: 'attestation' | 'signature';
  /** At least one. */
  readonly subjects: readonly Subject[];
}

/** @throws UserError if it is no bundle, or says nothing of a SHA-256 */
export function signedIn(value: JsonObject): Signed {
  const { mediaType, dsseEnvelope, messageSignature } = value;
  if (!isBundle(value)) {
    throw wrong(
      `it is no Sigstore bundle: its mediaType is ${JSON.stringify(mediaType) ?? 'missing'}`,
      isAttestation(value)
        ? 'it is an attestation of PEP 740: name it after its file with .publish.attestation at the end, beside that file'
        : 'make it with actions/attest, cosign or sigstore, or leave it out',
    );
  }
  if (isObject(dsseEnvelope)) {
    if (dsseEnvelope.payloadType !== IN_TOTO) {
      throw wrong(`its payload is ${JSON.stringify(dsseEnvelope.payloadType)}, expected "${IN_TOTO}"`, SIGN_AGAIN);
    }
    return { kind: 'attestation', subjects: subjectsOf(dsseEnvelope.payload) };
  }
  const digest = isObject(messageSignature) ? messageSignature.messageDigest : undefined;
  if (isObject(digest) && digest.algorithm === 'SHA2_256' && typeof digest.digest === 'string') {
    const hex = Buffer.from(digest.digest, 'base64').toString('hex');
    if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'signature', subjects: [{ name: undefined, sha256: hex }] };
  }
  throw wrong('it holds neither a statement nor the SHA-256 of a signed file', SIGN_AGAIN);
}

/** @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
function subjectsOf(encoded: Json | undefined): readonly Subject[] {
  const statement = typeof encoded === 'string' ? parsed(Buffer.from(encoded, 'base64').toString('utf8')) : undefined;
  if (!isObject(statement) || typeof statement._type !== 'string' || !STATEMENT.test(statement._type)) {
    throw wrong('what it signs is no in-toto statement', SIGN_AGAIN);
  }
  const { subject } = statement;
  const found = (Array.isArray(subject) ? (subject as readonly Json[]) : []).map(subjectIn);
  if (!found.length || found.includes(undefined)) {
    throw wrong('its statement does not give the SHA-256 of each file that it is about', SIGN_AGAIN);
  }
  return found.filter((one) => one !== undefined);
}

function subjectIn(candidate: Json): Subject | undefined {
  const digest = isObject(candidate) ? candidate.digest : undefined;
  const sha256 = isObject(digest) ? digest.sha256 : undefined;
  if (!isObject(candidate) || typeof sha256 !== 'string' || !/^[0-9a-fA-F]{64}$/.test(sha256)) return undefined;
  const name = typeof candidate.name === 'string' && candidate.name !== '' ? candidate.name : undefined;
  return { name, sha256: sha256.toLowerCase() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const MOST_NAMES = 4;

export function shortened(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function wrong(message: string, hint: string): UserError {
  return new UserError(message, { hint });
}
