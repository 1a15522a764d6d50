import { execFileSync } from 'node:child_process';
import { shellWord } from '../../../src/core/text/shell.js';

it.each(['old', '/tmp/a-b_c.d', '~/wheels', 'ghcr.io/o/n:1.0@sha256:00', '1.0+cu12'])('%s needs no quotes', (text) => {
  expect(shellWord(text)).toBe(text);
});

it.each(['a folder', "it's", '', '$HOME', '`id`', 'a;b', 'a\nb', '*', '"', '\\', '!x', '#'])(
  '%j is one word to a shell',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);
