import { UsageError } from '../../../src/core/errors.js';
import { commandPrefix, imageText, parseImageName } from '../../../src/run/settings/image-name.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('an image', () => {
  it.each([
    ['ghcr.io/octo-org/my_foo', 'https', 'ghcr.io', 'octo-org/my_foo', undefined, undefined],
    ['ghcr.io/octo-org/my_foo:1.0', 'https', 'ghcr.io', 'octo-org/my_foo', '1.0', undefined],
    ['GHCR.io/Octo-Org/My_Foo:1.0RC1', 'https', 'ghcr.io', 'octo-org/my_foo', '1.0RC1', undefined],
    ['ghcr.io/o/python/team1/foo:1.0', 'https', 'ghcr.io', 'o/python/team1/foo', '1.0', undefined],
    [`ghcr.io/o/foo:1.0@${DIGEST}`, 'https', 'ghcr.io', 'o/foo', '1.0', DIGEST],
    ['ghcr.io/o/foo:1.0+cu12', 'https', 'ghcr.io', 'o/foo', '1.0-cu12', undefined],
    ['localhost:5000/o/foo', 'http', 'localhost:5000', 'o/foo', undefined, undefined],
    ['localhost/foo:1.0', 'http', 'localhost', 'foo', '1.0', undefined],
    ['[::1]:5000/o/foo:1.0', 'http', '[::1]:5000', 'o/foo', '1.0', undefined],
    ['http://registry.example:80/o/foo:1.0', 'http', 'registry.example:80', 'o/foo', '1.0', undefined],
    ['https://localhost:5000/o/foo', 'https', 'localhost:5000', 'o/foo', undefined, undefined],
    ['docker.io/o/foo:1.0', 'https', 'registry-1.docker.io', 'o/foo', '1.0', undefined],
  ])('%s is read', (text, scheme, host, repository, tag, digest) => {
    expect(parseImageName(text, false)).toEqual({ origin: { host, scheme }, repository, tag, digest });
  });

  it.each([
    ['foo:1.0', 'foo', '1.0', undefined],
    [`foo:1.0@${DIGEST}`, 'foo', '1.0', DIGEST],
    ['octo-org/my_foo', 'octo-org/my_foo', undefined, undefined],
    [`octo-org/my_foo:1.0@${DIGEST}`, 'octo-org/my_foo', '1.0', DIGEST],
  ])('%s in a folder has no registry in front', (text, repository, tag, digest) => {
    expect(parseImageName(text, true)).toEqual({ origin: undefined, repository, tag, digest });
  });

  it.each([
    ['', false, /it has another form/],
    ['foo', false, /names no registry in front/],
    ['octo-org/foo:1.0', false, /names no registry in front/],
    ['ghcr.io/', false, /not a legal part/],
    ['ghcr.io/o//foo', false, /not a legal part/],
    ['ghcr.io/o/../foo', false, /not a legal part/],
    ['ghcr.io/o/foo:', false, /"" is no tag/],
    ['ghcr.io/o/foo:1.0:2', false, /not a legal part/],
    ['ghcr.io/o/foo:-1', false, /"-1" is no tag/],
    [`ghcr.io/o/foo@${DIGEST}`, false, /no tag, which is the version/],
    ['ghcr.io/o/foo:1@sha512:00', false, /no sha256 digest/],
    ['user:secret@ghcr.io/o/foo', false, /^Cannot use "ghcr\.io\/o\/foo".*user and password do not belong/],
    ['https://user:sec@ret@ghcr.io/o/foo', false, /^Cannot use "https:\/\/ghcr\.io\/o\/foo"/],
    ['user:secret@localhost:5000', false, /^Cannot use "localhost:5000".*user and password do not belong/],
    [`user:secret@foo:1.0@${DIGEST}`, true, /^Cannot use "foo:1\.0@sha256:a+".*user and password do not belong/],
    ['ftp://ghcr.io/o/foo', false, /no host name/],
    ['http://o/foo:1.0', true, /a folder has no addresses/],
    ['Ghcr.io:5000/o/foo', true, /not a legal part/],
  ])('%j is none (in a folder: %s)', (text, inFolder, message) => {
    expect(() => parseImageName(text, inFolder)).toThrow(UsageError);
    expect(() => parseImageName(text, inFolder)).toThrow(message);
  });

  it('is called as it was found', () => {
    expect(imageText(parseImageName('ghcr.io/o/foo:1', false), 'ghcr.io')).toBe('ghcr.io/o/foo');
    expect(imageText(parseImageName('o/foo:1', true), undefined)).toBe('o/foo');
  });
});

describe('in front of a repository on a command line', () => {
  it.each([
    [{ host: 'ghcr.io', scheme: 'https' } as const, undefined, 'ghcr.io/'],
    [{ host: 'registry.example:5000', scheme: 'http' } as const, undefined, 'http://registry.example:5000/'],
    [undefined, 'oci', '--oci-layout oci '],
    [undefined, 'a folder', "--oci-layout 'a folder' "],
  ])('%j and folder %j are %s', (origin, folder, expected) => {
    expect(commandPrefix(origin, folder)).toBe(expected);
    if (origin) expect(parseImageName(`${expected}o/n:1.0`, false)).toMatchObject({ origin, repository: 'o/n' });
  });
});
