import { UsageError } from '../../../src/core/errors.js';
import { readServeSettings } from '../../../src/run/serving/serve-settings.js';
import { givenInputs, SERVE_INPUTS, type ServeInputs } from '../../../src/run/settings/inputs.js';

const read = (given: Partial<ServeInputs>) =>
  readServeSettings(givenInputs(SERVE_INPUTS, given), undefined, (name) => `option --${name}`);

describe('the settings of the index', () => {
  it('have names in lines, with commas or blanks between them', () => {
    const { packages, place, fallback, extraIndexes, port } = read({ packages: 'a, b\nc  d', namespace: 'Octo-Org' });
    expect({ packages, place, fallback, extraIndexes, port }).toEqual({
      packages: ['a', 'b', 'c', 'd'],
      place: { kind: 'registry', origin: undefined, namespace: 'octo-org' },
      fallback: 'auto',
      extraIndexes: 'refuse',
      port: undefined,
    });
  });

  it('need no names for a folder', () => {
    expect(read({ 'oci-layout': 'oci' })).toMatchObject({ packages: [], place: { kind: 'layout', folder: 'oci' } });
  });

  it('take a URL as the fallback, with the slash that names go behind', () => {
    expect(String(read({ packages: 'a', namespace: 'o', fallback: 'https://x.example/simple' }).fallback)).toBe(
      'https://x.example/simple/',
    );
  });

  it('say everything that is wrong at once', () => {
    const wrong = () => read({ fallback: 'x', port: '99999', 'extra-indexes': 'maybe' });
    expect(wrong).toThrow(UsageError);
    for (const name of ['packages', 'namespace', 'fallback', 'port', 'extra-indexes']) {
      expect(wrong).toThrow(new RegExp(`option --${name}: `));
    }
  });

  it.each(['*', '**', 'a\nns/*'])('take every name only where nothing is left to others: %j', (packages) => {
    expect(() => read({ packages, namespace: 'o' })).toThrow('set option --fallback to none');
    expect(read({ packages, namespace: 'o', fallback: 'none' }).fallback).toBe('none');
  });
});
