import { createPrivateKey, X509Certificate } from 'node:crypto';
import { makeCertificate } from './tls-certificate.js';

describe('a certificate made for a test', () => {
  const host = 'registry.example';
  const { key, cert } = makeCertificate(host);
  const read = new X509Certificate(cert);

  it('is for its host alone, signed by itself, and valid now', () => {
    expect(read.subject).toBe(`CN=${host}`);
    expect(read.checkHost(host)).toBe(host);
    expect(read.checkHost('other.example')).toBeUndefined();
    expect(read.checkIssued(read)).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(Date.parse(read.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now());
  });

  it('comes with its key', () => {
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('is another one each time', () => {
    expect(makeCertificate(host).cert).not.toBe(cert);
  });
});
