import { mergeScopes, parseScopes, scopeTexts } from '../../../../src/oci/registry/sign-in/scope.js';

const texts = (text: string | undefined): readonly string[] => scopeTexts(parseScopes(text));

describe('scopes', () => {
  it.each([
    ['none', undefined, []],
    ['an empty value, as zot sends it', '', []],
    ['actions in one order', 'repository:a:push,pull', ['repository:a:pull,push']],
    [
      'two in one value, as ACR demands for a mount',
      'repository:a:pull repository:b:pull,push',
      ['repository:a:pull', 'repository:b:pull,push'],
    ],
    ['the same resource twice', 'repository:a:pull repository:a:push', ['repository:a:pull,push']],
    ['a name with a port', 'repository:host:5000/a:pull', ['repository:host:5000/a:pull']],
    ['actions that are not ours', 'repository:a:metadata_read', ['repository:a:metadata_read']],
    ['a shape of its own, as Gitea has it', '*', ['*']],
    ['a resource without actions', 'registry:catalog', ['registry:catalog']],
  ])('are read: %s', (_, value, expected) => {
    expect(texts(value)).toEqual(expected);
  });

  it('are merged without repetition, what was demanded first', () => {
    const merged = mergeScopes(
      parseScopes('repository:testimg:pull'),
      parseScopes('repository:local/testimg:pull,push'),
    );
    expect(scopeTexts(merged)).toEqual(['repository:testimg:pull', 'repository:local/testimg:pull,push']);
    expect(scopeTexts(mergeScopes(parseScopes('repository:a:delete'), parseScopes('repository:a:pull,push')))).toEqual([
      'repository:a:delete,pull,push',
    ]);
  });

  it('are not changed by being merged', () => {
    const first = parseScopes('repository:a:pull');
    mergeScopes(first, parseScopes('repository:a:push'));
    expect(scopeTexts(first)).toEqual(['repository:a:pull']);
  });
});
