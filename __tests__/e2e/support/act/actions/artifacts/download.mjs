// Downloads one artifact by name, or those that a pattern finds: merged, or each into a folder of its own.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { download, fail, input, list, matcher } from './service.mjs';

const name = input('name');
const matches = name === '' ? matcher(input('pattern') || '*') : (found) => found === name;
const wanted = (await list()).filter(matches);
if (name !== '' && wanted.length === 0) fail(`Unable to download artifact(s): Artifact not found for name: ${name}`);
const apart = name === '' && input('merge-multiple') !== 'true';
for (const found of wanted) {
  const folder = resolve(apart ? join(input('path'), found) : input('path'));
  mkdirSync(folder, { recursive: true });
  await download(found, folder).catch((error) => fail(error.message));
}
