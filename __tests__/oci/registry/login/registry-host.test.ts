import { parseRegistry } from '../../../../src/oci/registry/login/registry-host.js';

describe('the registry input', () => {
  it.each([
    ['ghcr.io', 'ghcr.io', 'https'],
    ['GHCR.io', 'ghcr.io', 'https'],
    ['registry.example:5000', 'registry.example:5000', 'https'],
    ['https://registry.example/', 'registry.example', 'https'],
    ['http://registry.example:80', 'registry.example:80', 'http'],
    ['HTTP://registry.example', 'registry.example', 'http'],
    ['docker.io', 'registry-1.docker.io', 'https'],
    ['https://index.docker.io/', 'registry-1.docker.io', 'https'],
    ['localhost:5000', 'localhost:5000', 'http'],
    ['registry.localhost', 'registry.localhost', 'http'],
    ['127.0.0.1:5000', '127.0.0.1:5000', 'http'],
    ['[::1]:5000', '[::1]:5000', 'http'],
    ['https://localhost:5000', 'localhost:5000', 'https'],
    ['10.0.0.1:5000', '10.0.0.1:5000', 'https'],
    ['localhost.example.com', 'localhost.example.com', 'https'],
    [' ghcr.io ', 'ghcr.io', 'https'],
  ])('reads %j as %s over %s', (text, host, scheme) => {
    expect(parseRegistry(text)).toEqual({ host, scheme });
  });

  it.each([
    ['ghcr.io/octo-org', /it has a path/],
    ['ghcr.io?x', /it has a path/],
    ['ghcr.io#x', /it has a path/],
    ['ghcr.io\\@evil.example', /user and password/],
    ['ghcr.io@evil.example', /user and password/],
    ['https://ghcr.io:443@evil.example', /user and password/],
    ['ftp://ghcr.io', /neither http nor https/],
    ['ghсr.io', /outside ASCII/],
    ['ghcr.io .evil.example', /blanks/],
    ['ghcr.io\u2024evil.example', /outside ASCII/],
    ['ghcr.io.', /no host name/],
    ['-ghcr.io', /no host name/],
    ['ghcr..io', /no host name/],
    ['ghcr_io', /no host name/],
    ['ghcr.io:', /no host name/],
    [':5000', /no host name/],
    ['ghcr.io:0', /port/],
    ['ghcr.io:65536', /port/],
    ['ghcr.io:5000:6000', /no host name/],
    ['2130706433', /unusual notation/],
    ['0x7f.1', /unusual notation/],
    ['[::ffff:127.0.0.1]', /unusual notation/],
  ])('refuses %j', (text, message) => {
    expect(() => parseRegistry(text)).toThrow(message);
  });

  it('does not repeat a password that stands where none belongs', () => {
    expect(() => parseRegistry('https://user:hunter2@ghcr.io')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });
});
