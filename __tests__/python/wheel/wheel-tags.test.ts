import type { Problem } from '../../../src/python/problem.js';
import { checkTags } from '../../../src/python/wheel/wheel-tags.js';

function told(architecture: string, tags: readonly string[], build?: string): readonly string[] {
  const findings: Problem[] = [];
  checkTags(architecture, { tags, build }, (found) => findings.push(found));
  expect(findings.every(({ severity }) => severity === 'warning')).toBe(true);
  return findings.map(({ message }) => message);
}

describe('checkTags', () => {
  it.each<[string, string, readonly string[], string | undefined]>([
    ['one tag', 'py3-none-any.whl', ['py3-none-any'], undefined],
    ['a compressed set', 'py2.py3-none-any.whl', ['py3-none-any', 'py2-none-any'], undefined],
    ['a compressed set on both sides', 'py2.py3-none-any.whl', ['py2.py3-none-any'], undefined],
    ['a tag twice', 'py3-none-any.whl', ['py3-none-any', 'py3-none-any'], undefined],
    ['another case', 'cp311-cp311-macosx_11_0_arm64.whl', ['CP311-cp311-macosx_11_0_ARM64'], undefined],
    ['a build tag', '2_a-py3-none-any.whl', ['py3-none-any'], '2_a'],
  ])('says nothing where both agree: %s', (_what, architecture, tags, build) =>
    expect(told(architecture, tags, build)).toEqual([]),
  );

  it('shows both sets where they differ', () => {
    expect(told('py3-none-any.whl', ['cp39-cp39-win32'])).toEqual([
      'its name has the tags py3-none-any, its WHEEL cp39-cp39-win32: pip check goes by WHEEL',
    ]);
    expect(told('cp39-abi3-a.b.whl', ['cp39-abi3-a'])).toEqual([
      'its name has the tags cp39-abi3-a, cp39-abi3-b, its WHEEL cp39-abi3-a: pip check goes by WHEEL',
    ]);
    expect(told('py3-none-any.whl', [])).toEqual([
      'its name has the tags py3-none-any, its WHEEL none: pip check goes by WHEEL',
    ]);
  });

  it('shows sets in short, and nothing that a terminal would obey', () => {
    const [message = ''] = told('py2.py3-none-a.b.c.whl', ['\u001b[31m-none-any']);
    expect(message).toContain('the tags py2-none-a, py2-none-b, py2-none-c and 3 more, its WHEEL ');
    expect(message).not.toContain('\u001b');
  });

  it.each<[string, string | undefined]>([
    ['2-py3-none-any.whl', undefined],
    ['py3-none-any.whl', '2'],
    ['1-py3-none-any.whl', '2'],
  ])('warns where the build tags of %s and %s differ', (architecture, build) =>
    expect(told(architecture, ['py3-none-any'], build)).toEqual([expect.stringMatching(/^its name has the build tag/)]),
  );

  it('compares no sets that stand for very many tags', () => {
    const many = Array.from({ length: 40 }, (_, at) => `a${at}`).join('.');
    expect(told(`${many}-${many}-${many}.whl`, ['py3-none-any'])).toEqual([]);
    expect(
      told(
        'py3-none-any.whl',
        Array.from({ length: 3 }, () => `${many}-${many}-any`),
      ),
    ).toEqual([]);
  });
});
