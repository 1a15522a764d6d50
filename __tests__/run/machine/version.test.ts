import { readFileSync } from 'node:fs';
import { userAgent, VERSION } from '../../../src/run/machine/version.js';

describe('the version', () => {
  it('is the one in package.json', () => {
    expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  it('stands in what a face calls itself', () => {
    expect(userAgent('command')).toBe(`pyoci-publish/${VERSION} (command)`);
  });
});
