import { readProjectUrls } from '../../../src/python/metadata/project-url.js';
import type { Problem } from '../../../src/python/problem.js';

function read(...values: string[]) {
  const found: Problem[] = [];
  const headers = values.map((value) => ({
    name: 'project-url',
    value,
    text: value,
    utf8: !value.includes('\ufffd'),
    folded: false,
    padded: false,
  }));
  const urls = readProjectUrls(headers, (finding) => found.push(finding));
  return { urls, found: found.map(({ severity, message }) => `${severity}: ${message}`) };
}

describe('a project URL', () => {
  it.each([
    ['Home, https://x', 'Home', 'https://x'],
    ['Home,https://x', 'Home', 'https://x'],
    ['Home \t,\t https://x', 'Home', 'https://x'],
    ['Bug tracker, https://x/?a=1,2', 'Bug tracker', 'https://x/?a=1,2'],
    ['Größe, https://x', 'Größe', 'https://x'],
    [`${'\u{1f600}'.repeat(32)}, https://x`, '\u{1f600}'.repeat(32), 'https://x'],
  ])('is divided at the first comma: %s', (value, label, url) => {
    expect(read(value)).toEqual({ urls: [[label, url]], found: [] });
  });

  it.each([
    ['https://x', 'Project-URL "https://x" is left out'],
    ['Home,', 'Project-URL "Home," is left out'],
    [', https://x', 'Project-URL ", https://x" is left out'],
    [',', 'Project-URL "," is left out'],
    ['', 'Project-URL "" is left out'],
    ['Home, https://\ufffd', 'Project-URL "Home, https://\ufffd" is not UTF-8 and is left out'],
  ])('is left out with a warning: %j', (value, message) => {
    expect(read(value)).toEqual({ urls: [], found: [`warning: ${message}`] });
  });

  it.each(['UNKNOWN', 'Home, UNKNOWN'])(
    'that is %s is left out quietly, as old setuptools wrote it for nothing',
    (value) => {
      expect(read(value)).toEqual({ urls: [], found: [] });
    },
  );

  it('may have a label of more than 32 characters, with a warning', () => {
    const label = 'x'.repeat(33);
    const { urls, found } = read(`${label}, https://x`);
    expect(urls).toEqual([[label, 'https://x']]);
    expect(found).toEqual([expect.stringMatching(/^warning: .* has a label of more than 32 characters$/)]);
  });

  it('gives way to a later one with exactly its label, with a warning', () => {
    expect(read('Home, https://1', 'home, https://2', 'Home, https://3')).toEqual({
      urls: [
        ['home', 'https://2'],
        ['Home', 'https://3'],
      ],
      found: ['warning: the Project-URL label "Home" stands twice, the last one counts'],
    });
  });
});
