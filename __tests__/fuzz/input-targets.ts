import assert from 'node:assert/strict';
import fc from 'fast-check';
import { githubJob } from '../../src/github/job.js';
import { parseRegistry } from '../../src/oci/registry/login/registry-host.js';
import { parseAnnotations } from '../../src/run/settings/annotation-input.js';
import { inputNames, inputsBy, PUBLISH_INPUTS } from '../../src/run/settings/inputs.js';
import { parsePyociUrl } from '../../src/run/settings/pyoci-url.js';
import { readSettings } from '../../src/run/settings/settings.js';
import { HOSTS } from './hosts.js';
import { endless, type Target, target, textOf } from './target.js';

const registries = target(
  'registry',
  HOSTS,
  (text) => {
    const { host, scheme } = parseRegistry(text);
    // A default port is the only thing that a URL may leave out.
    assert.equal(
      new URL(`${scheme}://${host}/`).host,
      host.replace(scheme === 'https' ? /:0*443$/ : /:0*80$/, '').replace(/:0+(?=\d)/, ':'),
    );
    assert.doesNotMatch(host, /[@/?#\\\s]/);
  },
  () => endless(64 * 1024, ['', 'http://']),
);

const annotations = target(
  'annotations',
  textOf(
    'manifest',
    'index',
    ',',
    ':',
    'key',
    '=',
    'value',
    '\n',
    '\r',
    ' ',
    'manifest:',
    'org.opencontainers.image.title',
  ),
  (text) => {
    const { manifest, index } = parseAnnotations(text);
    for (const [key, value] of [...Object.entries(manifest), ...Object.entries(index)]) {
      assert.ok(key !== '' && value !== '' && !/[\r\n]/.test(key + value));
    }
    const again = Object.entries(manifest).map(([key, value]) => `manifest:${key}=${value}`);
    assert.deepEqual(parseAnnotations(again.join('\n')).manifest, manifest);
  },
  () => endless(256 * 1024, ['', 'a=', 'manifest,index:']),
);

const JOB = githubJob({
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY_OWNER: 'Octo-Org',
  GITHUB_RUN_ID: '7',
  GITHUB_REPOSITORY: 'Octo-Org/x',
});
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: textOf(
      'true',
      'false',
      'error',
      'skip',
      '1',
      '4',
      '-',
      'auto',
      'ghcr.io',
      'a=b',
      '\n',
      'owner/x',
      'https://pyoci.com',
      ':',
    ),
  },
);
const settings = target(
  'inputs',
  fc.tuple(fc.tuple(...inputNames(PUBLISH_INPUTS).map(() => value)), fc.boolean()),
  ([values, onRunner]) => {
    const names = inputNames(PUBLISH_INPUTS);
    const raw = inputsBy(PUBLISH_INPUTS, (name) => values[names.indexOf(name)] ?? '');
    const { concurrency, jobIndex, jobTotal } = readSettings(
      raw,
      onRunner ? JOB : undefined,
      (name) => `input ${name}`,
    );
    assert.ok(concurrency >= 1 && concurrency <= 64);
    assert.ok((jobTotal ?? 1) >= 1 && (jobIndex ?? 0) >= 0 && (jobIndex ?? 0) < (jobTotal ?? Infinity));
  },
);

const pyociUrls = target(
  'pyoci-url',
  HOSTS,
  (text) => {
    const url = new URL(parsePyociUrl(text));
    assert.deepEqual([url.username, url.password, url.search, url.hash], ['', '', '', '']);
  },
  () => endless(64 * 1024, ['', 'https://', 'https://pyoci.com/']),
);

export const INPUT_TARGETS: readonly Target[] = [registries, annotations, settings, pyociUrls];
