import { sizeText } from '../../../src/core/text/size.js';

describe('a size for people', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_024, '1.0 KiB'],
    [1_048_524, '1023.9 KiB'],
    [1_048_575, '1.0 MiB'],
    [12_582_912, '12.0 MiB'],
    [8_375_186_227, '7.8 GiB'],
    [2 ** 50, '1024.0 TiB'],
  ])('of %d bytes is %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
