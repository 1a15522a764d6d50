import { UsageError } from '../../../src/core/errors.js';
import { InputReader } from '../../../src/run/settings/input-reader.js';
import { givenInputs, inputNames, PUBLISH_INPUTS, READING_INPUTS } from '../../../src/run/settings/inputs.js';

const TABLE = { folder: { default: 'public' }, limit: { default: '' } } as const;
const reader = (given: { readonly folder?: string; readonly limit?: string }) =>
  new InputReader(TABLE, givenInputs(TABLE, given), (name) => `input ${name}`);

describe('a table of inputs', () => {
  it('has defaults of its own, for what is not given and for what is blank', () => {
    expect(reader({}).text('folder')).toBe('public');
    expect(reader({ folder: ' ' }).text('folder')).toBe('public');
    expect(reader({ folder: ' site ' }).text('folder')).toBe('site');
    expect(reader({}).text('limit')).toBeUndefined();
  });

  it('names its inputs in its order, and is what a complaint is about', () => {
    expect(inputNames(TABLE)).toEqual(['folder', 'limit']);
    const input = reader({ limit: 'many' });
    input.whole('limit', 1, 5);
    expect(() => input.finish()).toThrow(
      new UsageError('Cannot use input limit: found "many", expected a whole number from 1 to 5'),
    );
  });

  it('of reading is a part of that of publishing, with the same defaults', () => {
    expect(PUBLISH_INPUTS).toMatchObject(READING_INPUTS);
    expect(inputNames(READING_INPUTS)).toEqual(['username', 'password', 'github-token', 'oci-layout', 'concurrency']);
  });
});
