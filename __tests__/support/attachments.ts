/** Attachments as signers and scanners write them, whose signatures nobody made. */
import { digestOf, hexOf } from '../../src/core/digest.js';

/** What a statement is about. */
export interface TestSubject {
  readonly name?: string;
  readonly sha256: string;
}

export function subjectOf(name: string, bytes: Uint8Array): TestSubject {
  return { name, sha256: hexOf(digestOf(bytes)) };
}

function statementOf(subjects: readonly TestSubject[], predicateType: string): string {
  const subject = subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate: null };
  return Buffer.from(JSON.stringify(statement)).toString('base64');
}

/** An attestation of PEP 740. @param signature differs from one signing to the next */
export function anAttestation(subjects: readonly TestSubject[], signature = 'c2lnbmVk'): object {
  return {
    version: 1,
    verification_material: { certificate: 'Y2VydGlmaWNhdGU=', transparency_entries: [] },
    envelope: { statement: statementOf(subjects, 'https://docs.pypi.org/attestations/publish/v1'), signature },
  };
}

/** A bundle as actions/attest writes it. */
export function aBundle(subjects: readonly TestSubject[], sig = 'c2lnbmVk'): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { certificate: { rawBytes: 'Y2VydGlmaWNhdGU=' }, tlogEntries: [] },
    dsseEnvelope: {
      payload: statementOf(subjects, 'https://slsa.dev/provenance/v1'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig }],
    },
  };
}

/** A bundle as `sigstore sign` writes it. */
export function aSignature(bytes: Uint8Array): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { certificate: { rawBytes: 'Y2VydGlmaWNhdGU=' }, tlogEntries: [] },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: Buffer.from(hexOf(digestOf(bytes)), 'hex').toString('base64') },
      signature: 'c2lnbmVk',
    },
  };
}

export function aCycloneDx(serialNumber = 'urn:uuid:1'): object {
  return { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, components: [] };
}

export function anSpdx(name = 'foo'): object {
  return { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name, packages: [] };
}
