import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
  /** Base64 of the DER form, as a token's `x5c` header wants it. */
  readonly der: string;
}

/** A fresh key, and a certificate that signs itself. */
export function makeCertificate(folder: string): Certificate {
  const certificate = join(folder, 'token.crt');
  const key = join(folder, 'token.key');
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=token service'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  const der = readFileSync(certificate, 'utf8').replace(/-----[A-Z ]+-----|\s/g, '');
  return { certificate, key, der };
}
