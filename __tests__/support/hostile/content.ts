import fc from 'fast-check';
import { wheelEntries, type ZipEntry, zip } from '../builders.js';
import { seldom } from './choice.js';
import type { GeneratedFile } from './file.js';
import { anyText, type Change, recordText, wheelText } from './member-text.js';
import { member } from './wheel-member.js';

/** A name of another form, for project, version, build and tags: what RECORD and the folders say follows it. */
const NAMED = [
  ...['UNKNOWN-0.0.0', 'unknown-0.0.0', 'UNKNOWN-1.0', 'foo-0.0.0', 'Foo-1.0', 'foo.bar-1.0'],
  ...['foo_bar-1.0', 'foo__bar-1.0', 'foo-1.0.0', 'foo-1', 'foo-1.0+a.b', 'foo-1.0rc1'],
] as const;
const FILE_TAGS = [
  ...['py3-none-any', 'py2.py3-none-any', '1-py3-none-any', '1a-py3-none-any', '1.2-py3-none-any', '1_2-py3-none-any'],
  ...['0-py3-none-any', '007-py3-none-any', '99999999999999999999-py3-none-any', '1x_y.z-py3-none-any', 'PY3-NONE-ANY'],
  ...['cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64', 'cp39-abi3-win_amd64', 'cp39.cp310-abi3-win32'],
  ...['py3-none-macosx_11_0_universal2', 'pp39-pypy39_pp73-any', 'graalpy311-none-any', 'cp313-cp313t-any', 'x-y-z'],
  ...[
    'py3-none-manylinux_2_x86_64',
    'py3-none-macosx',
    'py3-none-linux_x86_64.any',
    'cp3-none-any',
    'cp-none-any',
    'py-none-any',
  ],
  ...[
    'cp39-cp39m-any',
    'cp39-abi3.none-any',
    'py3.py3-none-any',
    '_-_-_',
    'py3-none-wasm32',
    'py3-none-ios_13_0_arm64_iphoneos',
  ],
  ...['py3-none-android_21_x86_64', 'py3-none-musllinux_1_1', 'py3-none-pyodide_2024_0_wasm32', 'cp314-abi3t-any'],
] as const;

/** What is odd about a wheel; the rest of it is sound. */
interface Oddity {
  readonly named?: string;
  readonly tag?: string;
  readonly member?: ZipEntry;
  readonly wheel?: Change;
  readonly record?: Change;
}

const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  { weight: 6, arbitrary: member.map((one) => ({ member: one })) },
  { weight: 4, arbitrary: fc.oneof({ weight: 4, arbitrary: wheelText }, anyText).map((change) => ({ wheel: change })) },
  {
    weight: 4,
    arbitrary: fc.oneof({ weight: 4, arbitrary: recordText }, anyText).map((change) => ({ record: change })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...NAMED).map((named) => ({ named })) },
  { weight: 2, arbitrary: fc.constantFrom(...FILE_TAGS).map((tag) => ({ tag })) },
);

/** Wheels of sound framing with an oddity, seldom two, in what installers read beside the metadata, or in further members. */
export const hostileContent: fc.Arbitrary<GeneratedFile> = fc
  .record({ first: oddity, second: seldom(oddity, 5), folders: fc.boolean() })
  .map(({ first, second, folders }): GeneratedFile => {
    const oddities = [first, ...second];
    const found = <K extends keyof Oddity>(key: K) => oddities.flatMap((one) => one[key] ?? []);
    const [named = 'foo-1.0'] = found('named');
    const [tag = 'py3-none-any'] = found('tag');
    const [members, wheel, record] = [found('member'), found('wheel'), found('record')];
    const [name = '', version = ''] = named.split('-');
    const distInfo = `${name}-${version}.dist-info`;
    const tags = tag.split('-').slice(-3).join('-');
    const build = tag.split('-').length > 3 ? tag.split('-')[0] : undefined;
    const folder = folders ? [{ name: `${distInfo}/`, mode: 0o040755 }] : [];
    const options = { name, version, tag: tags, distInfo, entries: [...folder, ...members], ...(build && { build }) };
    const entries = wheelEntries(options).flatMap((entry) => {
      const changes = entry.name === `${distInfo}/WHEEL` ? wheel : entry.name === `${distInfo}/RECORD` ? record : [];
      const data = changes.reduce<string | Buffer | undefined>(
        (left, change) => (left === undefined ? undefined : change(left.toString())),
        entry.data,
      );
      return data === undefined ? [] : [{ ...entry, data }];
    });
    return { name: `${name}-${version}-${tag}.whl`, bytes: zip(entries) };
  });
