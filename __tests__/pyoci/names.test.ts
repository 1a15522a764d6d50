import { isTag } from '../../src/oci/reference.js';
import {
  beyondListing,
  indexUrl,
  isVersionTag,
  repositoryOf,
  servedName,
  tagOf,
  versionOfTag,
} from '../../src/pyoci/names.js';
import type { Version } from '../../src/python/version.js';

const version = (spelled: string, normal = spelled): Version => ({ spelled, normal, key: normal });

describe('the repository of a project', () => {
  it.each([
    ['demo', 'demo'],
    ['zope-interface', 'zope_interface'],
    ['a-b-c', 'a_b_c'],
  ])('of %s is %s, which PyOCI makes of the name pip asks for', (project, repository) => {
    expect(repositoryOf(project)).toBe(repository);
  });
});

describe('the tag of a version', () => {
  it.each([
    ['1.0', '1.0'],
    ['1.0rc1', '1.0rc1'],
    ['1.0.post1.dev3', '1.0.post1.dev3'],
    ['1.0RC1', '1.0RC1'],
    ['v1.0', 'v1.0'],
    ['1.0+cu12', '1.0-cu12'],
    ['1.0+Ubuntu_1', '1.0-Ubuntu_1'],
    ['1.2.dev3+g12ab.d20260821', '1.2.dev3-g12ab.d20260821'],
  ])('of %s is %s and reads back as the same text', (spelled, tag) => {
    expect(tagOf(version(spelled))).toBe(tag);
    expect(isTag(tag)).toBe(true);
    expect(versionOfTag(tag)).toBe(spelled);
  });

  it('may have 128 characters and not one more', () => {
    const longest = `1.0+${'a'.repeat(124)}`;
    expect(tagOf(version(longest))).toHaveLength(128);
    expect(() => tagOf(version(`${longest}a`))).toThrow(/it has 129 characters, and a tag at most 128$/);
  });

  it.each(['1!2.0', '0!1.0'])('cannot hold the epoch of %s', (spelled) => {
    expect(() => tagOf(version(spelled))).toThrow(`Cannot make a tag of version "${spelled}": it has an epoch`);
  });

  it.each([
    ['1.0-1', '1.0.post1'],
    ['1.0-rc.1', '1.0rc1'],
    ['1.0-dev1', '1.0.dev1'],
    ['1.0+ubuntu-1', '1.0+ubuntu.1'],
    ['1.0-1+a', '1.0.post1+a'],
  ])('cannot hold the dash of %s, and the cure is the normal form %s', (spelled, normal) => {
    expect(() => tagOf(version(spelled, normal))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`"${spelled}"`),
        hint: expect.stringContaining(`"${normal}"`),
      }),
    );
  });
});

describe('whether a tag is a version to PyOCI', () => {
  it.each(['1.0', '1.0-cu12', '2026.8.1', 'v1.0', '1.0-1', '1.0-rc.1'])('%s is', (tag) => {
    expect(isVersionTag(tag)).toBe(true);
  });

  it.each(['latest', 'sha256-44136fa355b3678a', 'main', '1.0-post-2', '1.0-ubuntu-1', '1.0_1', 'py3'])(
    '%s is not',
    (tag) => {
      expect(isVersionTag(tag)).toBe(false);
    },
  );
});

describe('the name PyOCI serves a file under', () => {
  it.each([
    ['demo', '1.0', '.tar.gz', 'demo-1.0.tar.gz'],
    ['demo', '1.0', 'py3-none-any.whl', 'demo-1.0-py3-none-any.whl'],
    ['zope-interface', '1.0-cu12', '2-cp312-cp312-any.whl', 'zope_interface-1.0+cu12-2-cp312-cp312-any.whl'],
    ['demo', '1.0', 'any.sig', 'demo-1.0any.sig'],
  ])('of %s, tag %s, architecture %s is %s', (project, tag, architecture, name) => {
    expect(servedName(project, tag, architecture)).toBe(name);
  });
});

describe('the index URL for installers', () => {
  it.each([
    ['https://pyoci.com', 'ghcr.io', 'https', 'owner', 'https://pyoci.com/ghcr.io/owner/'],
    ['https://pyoci.com/', 'ghcr.io', 'https', 'owner/python/team1', 'https://pyoci.com/ghcr.io/owner/python/team1/'],
    [
      'https://pypi.corp.example/pyoci',
      'r.example:5000',
      'https',
      'a',
      'https://pypi.corp.example/pyoci/r.example:5000/a/',
    ],
    ['https://pyoci.com', 'localhost:5000', 'http', 'owner', 'https://pyoci.com/http%3A%2F%2Flocalhost%3A5000/owner/'],
  ] as const)('of %s, registry %s over %s, namespace %s is %s', (pyoci, host, scheme, namespace, url) => {
    expect(indexUrl(pyoci, host, scheme, namespace)).toBe(url);
  });
});

describe('whether PyOCI’s listing leaves a version out', () => {
  const hundred = Array.from({ length: 100 }, (_, minor) => `2.${String(minor).padStart(3, '0')}`);

  it('does not as long as fewer than a hundred tags stand behind it in string order', () => {
    expect(beyondListing('1.0', hundred.slice(1))).toBe(false);
    expect(beyondListing('2.000', hundred)).toBe(false);
  });

  it('does with a hundred tags behind it, the tag itself among those listed or not', () => {
    expect(beyondListing('1.0', hundred)).toBe(true);
    expect(beyondListing('1.0', ['1.0', ...hundred])).toBe(true);
  });

  it('goes by string order, in which 10.0 stands before 9.0', () => {
    const nines = Array.from({ length: 100 }, (_, minor) => `9.${minor}`);
    expect(beyondListing('10.0', nines)).toBe(true);
    expect(beyondListing('9.99', ['10.0', ...nines])).toBe(false);
  });

  it('counts a tag once that a registry lists twice', () => {
    expect(beyondListing('1.0', [...hundred.slice(1), ...hundred.slice(1)])).toBe(false);
  });
});
