import { type Target, targetOf } from '../../src/serve/target.js';

const BASE = 'ghcr.io/octo-org';
const SHA = 'a'.repeat(64);
const at = (path: string): Target => targetOf(`/${BASE}/${path}`, BASE);

describe('what an address asks for', () => {
  it.each<[string, Target]>([
    ['simple/', { kind: 'root', root: 'simple' }],
    ['owned/', { kind: 'root', root: 'owned' }],
    ['simple/foo-bar/', { kind: 'project', root: 'simple', project: 'foo-bar' }],
    ['owned/foo-bar/', { kind: 'project', root: 'owned', project: 'foo-bar' }],
    ['simple//foo-bar/', { kind: 'project', root: 'simple', project: 'foo-bar' }],
    ['simple/foo-bar/?format=json#x', { kind: 'project', root: 'simple', project: 'foo-bar' }],
    ['simple/Foo_Bar/json', { kind: 'json', root: 'simple', project: 'foo-bar' }],
    [`files/${SHA}/foo-1.0.tar.gz`, { kind: 'file', sha256: SHA, filename: 'foo-1.0.tar.gz' }],
    [`files/${SHA}/foo-1.0%2Bcu12.tar.gz`, { kind: 'file', sha256: SHA, filename: 'foo-1.0+cu12.tar.gz' }],
    [
      `files/${SHA}/foo-1.0-py3-none-any.whl.metadata`,
      { kind: 'metadata', sha256: SHA, filename: 'foo-1.0-py3-none-any.whl' },
    ],
    ['report', { kind: 'report' }],
    ['simple', { kind: 'moved', to: `/${BASE}/simple/` }],
    ['simple/Foo.Bar/', { kind: 'moved', to: `/${BASE}/simple/foo-bar/` }],
    ['owned/foo', { kind: 'moved', to: `/${BASE}/owned/foo/` }],
  ])('%s', (path, target) => {
    expect(at(path)).toEqual(target);
  });

  it.each([
    '',
    'other/',
    'simple/foo/bar/',
    'simple/foo/bar',
    'simple/-foo/',
    'files/',
    `files/${SHA}`,
    `files/${SHA}/`,
    `files/${SHA.toUpperCase()}/foo-1.0.tar.gz`,
    'files/abc/foo-1.0.tar.gz',
    `files/${SHA}/foo/bar`,
    'report/',
  ])('%s is not there', (path) => {
    expect(at(path)).toEqual({ kind: 'absent' });
  });

  it('is nothing of another index on the same port', () => {
    expect(targetOf('/ghcr.io/other/simple/', BASE)).toEqual({ kind: 'absent' });
    expect(targetOf('/simple/', BASE)).toEqual({ kind: 'absent' });
    expect(targetOf('/health', BASE)).toEqual({ kind: 'health' });
  });

  it.each([
    '/../etc/passwd',
    `/${BASE}/simple/../owned/`,
    `/${BASE}/simple/%2e%2e/`,
    `/${BASE}/simple/a%2fb/`,
    `/${BASE}/simple/a%5Cb/`,
    `/${BASE}/simple/a\\b/`,
    `/${BASE}/simple/%00/`,
    `/${BASE}/simple/%zz/`,
    `/${BASE}/simple/%ff/`,
    `/${BASE}/simple/${'a'.repeat(65_536)}/`,
    'http://evil.example/',
    '*',
    '',
  ])('is refused for %s', (url) => {
    expect(targetOf(url, BASE).kind).toBe('bad');
  });
});
