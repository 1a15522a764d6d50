import { encode } from '../../src/oci/document.js';
import { indexAnnotations, manifestAnnotations } from '../../src/pyoci/annotations.js';
import type { CoreMetadata } from '../../src/python/metadata/metadata.js';
import { CREATED, demoSdist, demoWheel, IN_A_RUN, PLAIN, WITH_DEFAULTS } from './documents.js';

const KEY = 'org.opencontainers.image';
const said = (metadata: Partial<CoreMetadata>, context = WITH_DEFAULTS) =>
  manifestAnnotations(demoSdist(metadata), context);

describe('default annotations', () => {
  it('leave out whatever the metadata does not say', () => {
    expect(said({ summary: '', authorEmail: '', homePage: '' })).toEqual({
      [`${KEY}.title`]: 'demo-1.0.tar.gz',
      [`${KEY}.version`]: '1.0',
      [`${KEY}.created`]: CREATED,
    });
  });

  it('keep a description of 512 characters and cut a longer one to 512', () => {
    const longest = 'x'.repeat(512);
    expect(said({ summary: longest })[`${KEY}.description`]).toBe(longest);
    expect(said({ summary: `${longest}x` })[`${KEY}.description`]).toBe(`${'x'.repeat(511)}…`);
  });

  it('cut a description between characters, never inside one, and not behind a blank', () => {
    expect(said({ summary: `${'x'.repeat(510)}😀😀` })[`${KEY}.description`]).toBe(`${'x'.repeat(510)}…`);
    expect(said({ summary: `${'x'.repeat(509)}  xxxx` })[`${KEY}.description`]).toBe(`${'x'.repeat(509)}…`);
  });

  it('leave out a licence expression above 256 characters, since half of it would be another licence', () => {
    const expression = (length: number) => 'MIT OR '.repeat(40).slice(0, length);
    expect(said({ licenseExpression: expression(256) })).toHaveProperty([`${KEY}.licenses`], expression(256));
    expect(said({ licenseExpression: expression(257) })).not.toHaveProperty([`${KEY}.licenses`]);
  });

  it('name the run’s repository as source, because GitHub links the package to it, and the commit', () => {
    const projectUrls = [['Source', 'https://code.example']] as const;
    expect(said({ projectUrls }, IN_A_RUN)).toMatchObject({
      [`${KEY}.source`]: 'https://github.com/octo/demo',
      [`${KEY}.revision`]: '5b13b4db8d9f0a6d2ba4e7ad0cc0f9a6b8f5e4d3',
    });
  });

  it('name the project’s own source outside of a run, and no commit', () => {
    const annotations = said({ projectUrls: [['Repository', 'https://code.example']] });
    expect(annotations[`${KEY}.source`]).toBe('https://code.example');
    expect(annotations).not.toHaveProperty([`${KEY}.revision`]);
  });

  it('do not claim a source that neither run nor project names', () => {
    expect(said({ homePage: 'https://home.example' })).not.toHaveProperty([`${KEY}.source`]);
  });

  it.each([
    ['Ada', undefined, 'Ada'],
    [undefined, 'ada@x.example', 'ada@x.example'],
    ['Ada', 'ada@x.example', 'Ada <ada@x.example>'],
    ['Ada', 'Bob <bob@x.example>', 'Ada, Bob <bob@x.example>'],
    ['Ada', 'Ada <ada@x.example>', 'Ada <ada@x.example>'],
    ['Ada, Bob', 'team@x.example', 'Ada, Bob, team@x.example'],
    ['Ada', 'a@x.example, b@x.example', 'Ada, a@x.example, b@x.example'],
  ])('make one text of author %p and address %p', (author, authorEmail, authors) => {
    expect(said({ author, authorEmail })[`${KEY}.authors`]).toBe(authors);
  });

  it('stay away when they are switched off', () => {
    expect(said({ summary: 'A demo' }, { ...IN_A_RUN, annotations: PLAIN.annotations })).toEqual({
      [`${KEY}.created`]: CREATED,
    });
  });
});

describe('the annotations of a manifest', () => {
  it('take the time of the run, whatever label or user say', () => {
    const annotations = { ...PLAIN.annotations, manifest: { [`${KEY}.created`]: 'user' } };
    expect(said({ labels: [[`${KEY}.created`, 'label']] }, { ...PLAIN, annotations })).toEqual({
      [`${KEY}.created`]: CREATED,
    });
  });

  it('leave out labels that are ours, and keep all others', () => {
    const labels = [
      [`${KEY}.title`, '../../evil'],
      [`${KEY}.version`, '9'],
      [`${KEY}.revision`, 'evil'],
      ['com.pyoci.sha256_digest', 'evil'],
      ['vnd.pyoci-publish.size', '0'],
      [`${KEY}.vendor`, 'Octo'],
      ['team', 'a'],
    ] as const;
    expect(said({ labels }, PLAIN)).toEqual({ [`${KEY}.vendor`]: 'Octo', team: 'a', [`${KEY}.created`]: CREATED });
    expect(said({ labels }, IN_A_RUN)).toMatchObject({
      [`${KEY}.title`]: 'demo-1.0.tar.gz',
      [`${KEY}.version`]: '1.0',
      [`${KEY}.revision`]: IN_A_RUN.run?.revision,
    });
  });

  it('take a source from a label on the manifest, never on the index', () => {
    const labels = [[`${KEY}.source`, 'https://code.example']] as const;
    expect(said({ labels }, IN_A_RUN)[`${KEY}.source`]).toBe('https://code.example');
    expect(indexAnnotations([demoSdist({ labels })], IN_A_RUN)[`${KEY}.source`]).toBe('https://github.com/octo/demo');
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'https://', 'git@github.com:octo/demo.git'])(
    'take no URL but of http and https from labels and metadata: %p',
    (url) => {
      const labels = [[`${KEY}.url`, url]] as const;
      const projectUrls = [
        ['Documentation', url],
        ['Source', url],
      ] as const;
      const annotations = said({ labels, projectUrls, homePage: url });
      for (const name of ['url', 'documentation', 'source']) expect(annotations).not.toHaveProperty([`${KEY}.${name}`]);
    },
  );

  it('drop an empty value, so that the next one in strength stands', () => {
    const annotations = { ...WITH_DEFAULTS.annotations, manifest: { [`${KEY}.title`]: '' } };
    expect(said({ labels: [['empty', '']] }, { ...WITH_DEFAULTS, annotations })).toMatchObject({
      [`${KEY}.title`]: 'demo-1.0.tar.gz',
    });
    expect(said({ labels: [['empty', '']] })).not.toHaveProperty('empty');
  });

  it('lose no key that JavaScript treats specially, and encode to the same bytes each time', () => {
    const labels = [
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['10', 'c'],
      ['2', 'd'],
    ] as const;
    const text = () => encode({ mediaType: 'x', annotations: said({ labels }, PLAIN) }).bytes.toString();
    expect(text()).toBe(
      `{"mediaType":"x","annotations":{"2":"d","10":"c","__proto__":"a","constructor":"b","${KEY}.created":"${CREATED}"}}`,
    );
    expect(text()).toBe(text());
    expect(Object.getPrototypeOf(said({ labels }, PLAIN))).toBe(Object.prototype);
  });
});

describe('the annotations of an index', () => {
  it('never hold labels or annotations meant for manifests', () => {
    const annotations = { manifest: { manifest: '1' }, index: { index: '1' }, defaults: false };
    const files = [demoSdist({ labels: [['label', '1']] })];
    expect(indexAnnotations(files, { ...PLAIN, annotations })).toEqual({ index: '1', [`${KEY}.created`]: CREATED });
  });

  it('come from the sdist, else from the first wheel by name, in whatever order the files are', () => {
    const first = demoWheel({ summary: 'cp312' }, 'cp312-cp312-any.whl');
    const second = demoWheel({ summary: 'cp313' }, 'cp313-cp313-any.whl');
    const sdist = demoSdist({ summary: 'sdist' });
    const description = (...files: Parameters<typeof indexAnnotations>[0]) =>
      indexAnnotations(files, WITH_DEFAULTS)[`${KEY}.description`];
    expect(description(second, sdist, first)).toBe('sdist');
    expect(description(second, first)).toBe('cp312');
    expect(description(first, second)).toBe('cp312');
  });

  it('bear the project’s name as its metadata spells it', () => {
    expect(indexAnnotations([demoSdist({ name: 'De.Mo' })], WITH_DEFAULTS)).toMatchObject({
      [`${KEY}.title`]: 'De.Mo',
    });
  });
});
