import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDERS = ['.', 'docs', 'docs/decisions', 'examples'];
const PAGES = FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))).filter((path) =>
  path.endsWith('.md'),
);

/** As GitHub makes an anchor of a heading. */
function anchorsIn(path: string): readonly string[] {
  const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

const LINK = /\]\((?!https?:)([^)\s#]*)#?([^)\s]*)\)/g;

it('the pages lead to one another', () => {
  expect(PAGES.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(LINK)]).length).toBeGreaterThan(PAGES.length);
});

describe.each(PAGES)('the page %s', (page) => {
  it('leads only to files and headings that are there', () => {
    const text = readFileSync(page, 'utf8').replace(/```.*?```/gs, '');
    const links = [...text.matchAll(LINK)];
    const dead = links.filter(([, path = '', anchor = '']) => {
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(target) || (anchor !== '' && !anchorsIn(target).includes(anchor));
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });
});

describe('the files that pages name', () => {
  const NAMED = /`((?:src|bench|trials|scripts|__tests__)\/[\w./-]*[\w/])`/g;
  const named = PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(NAMED)].map(([, path = '']): [string, string] => [page, path]),
  );

  it('are some', () => {
    expect(named.length).toBeGreaterThan(20);
  });

  it.each(named)('in %s are there: %s', (_page, path) => {
    expect(existsSync(path)).toBe(true);
  });
});
