import { UserError } from '../../src/core/errors.js';
import { parseDescriptor } from '../../src/oci/descriptor.js';
import { decode } from '../../src/oci/document.js';
import { OCI_INDEX } from '../../src/oci/media-types.js';
import { isDeeper } from '../../src/oci/nesting.js';
import { parseReasons } from '../../src/oci/registry/refusal/reasons.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('how deep a JSON value is nested', () => {
  it.each([
    ['"text"', 0],
    ['{}', 1],
    ['[[], {"a": [1]}]', 3],
    [nested(128), 128],
  ])('%s', (text, depth) => {
    const value: unknown = JSON.parse(text);
    expect([isDeeper(value, depth - 1), isDeeper(value, depth)]).toEqual([depth > 0, false]);
  });

  it('is told of what would run others out of stack', () => {
    expect(isDeeper(JSON.parse(nested(1_000_000)), 128)).toBe(true);
  });
});

describe('a registry that nests JSON beyond reason', () => {
  it('has its document refused, since it could not be written again', () => {
    const bytes = Buffer.from(`{"mediaType":"${OCI_INDEX}","manifests":${nested(100_000)}}`);
    expect(() => decode(bytes, OCI_INDEX, 'the index')).toThrow(UserError);
    expect(() => decode(bytes, OCI_INDEX, 'the index')).toThrow(/nested more than 128 deep/);
  });

  it('has its descriptors refused, which may come within a string', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const value: unknown = JSON.parse(`{"mediaType":"x","digest":"${digest}","size":1,"more":${nested(5_000)}}`);
    expect(() => parseDescriptor(value, 'a record')).toThrow(UserError);
  });

  it('explains nothing by it', () => {
    expect(parseReasons(`{"errors":[{"code":"DENIED","detail":${nested(30_000)}}]}`)).toEqual([]);
  });
});
