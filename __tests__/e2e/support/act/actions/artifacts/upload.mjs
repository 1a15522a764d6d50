// Uploads what a pattern finds in one folder.
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, input, matcher, upload } from './service.mjs';

const path = input('path');
const root = resolve(dirname(path));
const matches = matcher(path.slice(dirname(path).length + 1));
const files = readdirSync(root).filter(matches);
if (files.length === 0 && input('if-no-files-found') === 'error') {
  fail(`No files were found with the provided path: ${path}`);
}
await upload(
  input('name'),
  files.map((file) => join(root, file)),
).catch((error) => fail(error.message));
