import { generateKeyPairSync, sign } from 'node:crypto';
import { bitString, contextual, extension, integer, objectId, sequence, set, text, utcTime } from './der.js';

export interface TlsCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY = 24 * 60 * 60 * 1_000;
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
/** X.509 counts its versions from 0. */
const VERSION_3 = 2;
/** The choice `dNSName` of `GeneralName`, an IA5String. */
const DNS_NAME = 0x82;

/**
 * A certificate signed by itself, for a host that exists only in a test, valid from yesterday to tomorrow. Node can make
 * the key and the signature; what is signed is put together here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function makeCertificate(host: string): TlsCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(set(sequence(objectId(COMMON_NAME), text(host))));
  const now = Date.now();
  const signed = sequence(
    contextual(0, integer(VERSION_3)),
    integer(1),
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime(new Date(now - DAY)), utcTime(new Date(now + DAY))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    contextual(3, sequence(extension(SUBJECT_ALTERNATIVE_NAME, sequence(text(host, DNS_NAME))))),
  );
  const certificate = sequence(signed, ECDSA_WITH_SHA256, bitString(sign('sha256', signed, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', certificate),
  };
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
