import { textOf } from './target.js';

/** What may stand where the host of a registry belongs. */
export const HOSTS = textOf(
  'ghcr.io',
  'GHCR.IO',
  'https://',
  'http://',
  'localhost',
  ':5000',
  ':',
  '/',
  '.',
  '@',
  'evil.example',
  '[::1]',
  '127.0.0.1',
  '0x7f.1',
  'xn--',
  'user:secret@',
  '\\',
  '?',
  '#',
  '/v1/',
  '/v2/',
);
