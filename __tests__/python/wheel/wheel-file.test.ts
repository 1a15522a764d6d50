import type { Problem } from '../../../src/python/problem.js';
import { readWheelFile } from '../../../src/python/wheel/wheel-file.js';

const REST = 'Generator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

function told(text: string | Buffer): readonly string[] {
  const findings: Problem[] = [];
  readWheelFile(Buffer.from(text), (found) => findings.push(found));
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
}

/** Each was given to pip 26.3 and uv 0.13.9 for an answer. */
describe('readWheelFile', () => {
  it('gives the tags and the build tag', () => {
    const text = 'Wheel-Version: 1.0\nTag: py2-none-any\ntag: py3-none-any\nBuild: 2\n\nTag: behind\n';
    expect(readWheelFile(Buffer.from(text), () => {})).toEqual({ tags: ['py2-none-any', 'py3-none-any'], build: '2' });
  });

  it.each([
    ['1.0', 'Wheel-Version: 1.0\n'],
    ['1.0 with blanks around', 'Wheel-Version:\t 1.0 \t\n'],
    ['1.0 on the next line', 'Wheel-Version:\n 1.0\n'],
    ['0.1', 'Wheel-Version: 0.1\n'],
    ['1.0 before 2.0', 'Wheel-Version: 1.0\nWheel-Version: 2.0\n'],
    ['1.0 with CRLF', 'Wheel-Version: 1.0\r\n'],
    ['1.0 behind an odd line', 'From me\n: x\nWheel-Version: 1.0\n'],
    ['1.0 in front of a broken line', 'Wheel-Version: 1.0\nbro ken\n'],
  ])('takes version %s', (_what, text) => expect(told(`${text}${REST}`)).toEqual([]));

  it.each(['1.1', '1.9', '1.10', '1.0.0', '1.0.1', '1.99999999999999999999', '1.+1', '1.1_0', '1. 1', '1.0.-1'])(
    'warns of version %s, as pip does',
    (version) =>
      expect(told(`Wheel-Version: ${version}\n${REST}`)).toEqual([
        `warning: its WHEEL is of version "${version}", newer than the 1.0 that installers know: pip warns`,
      ]),
  );

  it.each(['1.-1', '1.-0', '1.0_0', '1.00000000000000'])('takes version %s, as both do', (version) =>
    expect(told(`Wheel-Version: ${version}\n${REST}`)).toEqual([]),
  );

  it.each(['2.0', '2', '10.0'])('refuses version %s as too new', (version) =>
    expect(told(`Wheel-Version: ${version}\n${REST}`)).toEqual([
      `error: its WHEEL is of version "${version}": pip and uv install 1.0 and refuse what is newer`,
    ]),
  );

  it.each([
    '1',
    '1.',
    '0.9',
    '01.0',
    '+1.0',
    '-1.0',
    '1.a',
    'x',
    '',
    '1.0 (x)',
    '1_0.0',
    '1._1',
    '1.1__0',
    '1.--1',
    '1..1',
    '\u0661.0',
    '1.0\n 5',
  ])('refuses version %j, which pip or uv does not read', (version) =>
    expect(told(`Wheel-Version: ${version}\n${REST}`)).toEqual([
      expect.stringMatching(/^error: its WHEEL is of version .*, expected 1\.0: (?:pip|uv) refuses/),
    ]),
  );

  it.each([
    ['nothing', ''],
    ['no version', REST],
    ['a byte order mark', `\ufeffWheel-Version: 1.0\n${REST}`],
    ['an empty line first', `\nWheel-Version: 1.0\n${REST}`],
    ['a broken line first', `bro ken\nWheel-Version: 1.0\n${REST}`],
    ['a blank in front of the colon', `Wheel-Version : 1.0\n${REST}`],
    ['a field name beyond ASCII first', `Générateur: x\nWheel-Version: 1.0\n${REST}`],
  ])('refuses %s, in which pip and uv find no version', (_what, text) =>
    expect(told(text)).toEqual(['error: its WHEEL has no Wheel-Version: pip and uv refuse to install it']),
  );

  it('refuses a version in lower case, which uv does not find', () =>
    expect(told(`wheel-version: 1.0\n${REST}`)).toEqual([
      'error: its WHEEL spells Wheel-Version as "wheel-version": uv refuses to install it',
    ]));

  it('refuses what is not UTF-8, wherever', () =>
    expect(told(Buffer.from(`Wheel-Version: 1.0\n${REST}\n\xe9`, 'latin1'))).toEqual([
      'error: its WHEEL is not UTF-8: pip and uv refuse to install it',
    ]));

  it.each(['true', 'false', 'False', 'banana', ''])('takes Root-Is-Purelib: %j', (value) =>
    expect(told(`Wheel-Version: 1.0\nRoot-Is-Purelib: ${value}\n`)).toEqual([]),
  );

  it('warns of Root-Is-Purelib: True, which pip and uv read differently', () =>
    expect(told('Wheel-Version: 1.0\nRoot-Is-Purelib: True\n')).toEqual([
      'warning: its WHEEL says Root-Is-Purelib: "True", which pip reads as true and uv as false',
    ]));
});
