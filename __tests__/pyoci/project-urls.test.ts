import { parseProjectUrls, projectUrlsJson, projectUrlsOf, wellKnownUrl } from '../../src/pyoci/project-urls.js';
import { demoSdist } from './documents.js';

describe('labels of Project-URLs', () => {
  it.each([
    ['Homepage', 'homepage'],
    ['home-page', 'homepage'],
    ['HOME PAGE', 'homepage'],
    ['Source', 'source'],
    ['Repository', 'source'],
    ['Source Code', 'source'],
    ['source_code', 'source'],
    ['GitHub', 'source'],
    ['Documentation', 'documentation'],
    ['Docs:', 'documentation'],
  ] as const)('%p stands for %s', (label, name) => {
    expect(
      wellKnownUrl(
        [
          ['Other', 'https://no.example'],
          [label, 'https://yes.example'],
        ],
        name,
      ),
    ).toBe('https://yes.example');
  });

  it.each(['Home', 'Website', 'Sources', 'Read the Docs', 'Hömepage', 'Homepage\u00a0'])(
    '%p stands for none',
    (label) => {
      for (const name of ['homepage', 'source', 'documentation'] as const) {
        expect(wellKnownUrl([[label, 'https://no.example']], name)).toBeUndefined();
      }
    },
  );

  it('decide by order when two stand for the same', () => {
    const urls = [
      ['Repository', 'https://first.example'],
      ['Source', 'https://second.example'],
    ] as const;
    expect(wellKnownUrl(urls, 'source')).toBe('https://first.example');
  });
});

describe('the project URLs of a file', () => {
  const urlsOf = (homePage: string | undefined, projectUrls: readonly (readonly [string, string])[]) =>
    projectUrlsOf(demoSdist({ homePage, projectUrls }).metadata);

  it('gain Home-page as Homepage, at the end, if no label stands for it', () => {
    expect(urlsOf('https://home.example', [['Docs', 'https://docs.example']])).toEqual([
      ['Docs', 'https://docs.example'],
      ['Homepage', 'https://home.example'],
    ]);
  });

  it('do without Home-page if a label stands for it, in whatever spelling', () => {
    const urls = [['home page', 'https://label.example']] as const;
    expect(urlsOf('https://home.example', urls)).toEqual(urls);
  });

  it('are none if the metadata names none', () => {
    expect(urlsOf(undefined, [])).toEqual([]);
  });
});

describe('the JSON of project URLs', () => {
  it('is an empty object if there are none', () => {
    expect(projectUrlsJson([])).toBe('{}');
  });

  it('keeps order and every label, those that JavaScript treats specially too', () => {
    const urls = [
      ['Zoo', 'https://z.example'],
      ['2', 'https://two.example'],
      ['__proto__', 'https://proto.example'],
      ['1', 'https://one.example'],
    ] as const;
    expect(projectUrlsJson(urls)).toBe(
      '{"Zoo":"https://z.example","2":"https://two.example","__proto__":"https://proto.example","1":"https://one.example"}',
    );
    expect(new Map(Object.entries(JSON.parse(projectUrlsJson(urls))))).toEqual(new Map(urls));
  });

  it('escapes what JSON must escape, and nothing else', () => {
    expect(projectUrlsJson([['a"b\\', 'https://x.example/ü?a=1,2']])).toBe('{"a\\"b\\\\":"https://x.example/ü?a=1,2"}');
  });
});

describe('project URLs read back from their JSON', () => {
  it('are those that were written', () => {
    const urls = [
      ['Source Code', 'https://x.example/ü?a=1,2'],
      ['a"b\\', 'https://y.example'],
      ['__proto__', 'https://z.example'],
    ] as const;
    expect(parseProjectUrls(projectUrlsJson(urls))).toEqual(urls);
    expect(parseProjectUrls(projectUrlsJson([]))).toEqual([]);
  });

  it.each([undefined, '', '<html>', 'null', '[["a","b"]]', '"text"', '1'])('are none where %j stands', (text) => {
    expect(parseProjectUrls(text)).toEqual([]);
  });

  it('are without what is no text', () => {
    expect(parseProjectUrls('{"a":1,"b":null,"c":["x"],"d":"https://x.example"}')).toEqual([
      ['d', 'https://x.example'],
    ]);
  });
});
