import { digestOf } from '../../src/core/digest.js';
import { parseRepositoryName } from '../../src/oci/reference.js';
import { projectHtml, rootHtml } from '../../src/simple/html-pages.js';
import { projectJson, rootJson } from '../../src/simple/json-pages.js';
import type { Project, ProjectFile } from '../../src/simple/project.js';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const BARE: ProjectFile = {
  filename: 'foo-1.0+cu12.tar.gz',
  version: '1.0+cu12',
  sha256: B,
  size: undefined,
  uploadTime: undefined,
  requiresPython: undefined,
  coreMetadata: undefined,
  yanked: undefined,
  repository: parseRepositoryName('o/foo'),
  manifest: digestOf(Buffer.from('manifest')),
};
const FULL: ProjectFile = {
  ...BARE,
  filename: 'foo-1.0+cu12-py3-none-any.whl',
  sha256: A,
  size: 120,
  uploadTime: '2026-01-31T12:00:00.000Z',
  requiresPython: '>=3.9,<4',
  coreMetadata: B,
  yanked: 'wrong <licence> & "more"',
};
const project = (...files: readonly ProjectFile[]): Project => ({ name: 'foo', versions: ['1.0+cu12'], files });

describe('the page of a project', () => {
  it('as JSON has the members of the specification, and relative addresses that hold the hash', () => {
    expect(JSON.parse(projectJson(project(FULL)))).toEqual({
      meta: { 'api-version': '1.4' },
      name: 'foo',
      versions: ['1.0+cu12'],
      files: [
        {
          filename: 'foo-1.0+cu12-py3-none-any.whl',
          url: `../../files/${A}/foo-1.0%2Bcu12-py3-none-any.whl`,
          hashes: { sha256: A },
          size: 120,
          'upload-time': '2026-01-31T12:00:00.000Z',
          'requires-python': '>=3.9,<4',
          'core-metadata': { sha256: B },
          yanked: 'wrong <licence> & "more"',
        },
      ],
    });
  });

  it('as JSON leaves out what nobody told, and is of the version that asks for no sizes', () => {
    expect(JSON.parse(projectJson(project({ ...BARE, coreMetadata: true })))).toEqual({
      meta: { 'api-version': '1.0' },
      name: 'foo',
      versions: ['1.0+cu12'],
      files: [
        {
          filename: 'foo-1.0+cu12.tar.gz',
          url: `../../files/${B}/foo-1.0%2Bcu12.tar.gz`,
          hashes: { sha256: B },
          'core-metadata': true,
        },
      ],
    });
    expect(JSON.parse(projectJson(project()))).toEqual({
      meta: { 'api-version': '1.4' },
      name: 'foo',
      versions: ['1.0+cu12'],
      files: [],
    });
  });

  it('as HTML has a link for each file, in which nothing of it can break out', () => {
    const html = projectHtml(project(FULL, { ...BARE, yanked: true }));
    expect(html).toContain(
      `<a href="../../files/${A}/foo-1.0%2Bcu12-py3-none-any.whl#sha256=${A}" data-requires-python="&gt;=3.9,&lt;4" data-core-metadata="sha256=${B}" data-yanked="wrong &lt;licence&gt; &amp; &quot;more&quot;">foo-1.0+cu12-py3-none-any.whl</a>`,
    );
    expect(html).toContain(
      `<a href="../../files/${B}/foo-1.0%2Bcu12.tar.gz#sha256=${B}" data-yanked="">foo-1.0+cu12.tar.gz</a>`,
    );
    expect(html).toContain('<meta name="pypi:repository-version" content="1.4">');
  });
});

describe('the list of projects', () => {
  it('is there in both forms', () => {
    expect(JSON.parse(rootJson(['a', 'b']))).toEqual({
      meta: { 'api-version': '1.4' },
      projects: [{ name: 'a' }, { name: 'b' }],
    });
    expect(rootHtml(['a'])).toContain('<a href="a/">a</a>');
  });
});
