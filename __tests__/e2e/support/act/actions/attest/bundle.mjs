// Writes what actions/attest writes about the files that a list of checksums names, but for the signature.
import { readFileSync, writeFileSync } from 'node:fs';

const [checksums, path] = process.argv.slice(2);
const lines = readFileSync(checksums, 'utf8').trim().split('\n');
const subject = lines.map((line) => {
  const [sha256, name] = line.split('  ');
  return { name, digest: { sha256 } };
});
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject,
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {},
};
const bundle = {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: {},
  dsseEnvelope: {
    payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
    payloadType: 'application/vnd.in-toto+json',
    signatures: [],
  },
};
writeFileSync(path, `${JSON.stringify(bundle)}\n`);
