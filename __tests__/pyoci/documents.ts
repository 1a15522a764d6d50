import { readFileSync } from 'node:fs';
import { memoryBytes } from '../../src/core/bytes.js';
import { digestFromHex } from '../../src/core/digest.js';
import type { DocumentContext } from '../../src/pyoci/context.js';
import type { Distribution } from '../../src/python/distribution.js';
import type { CoreMetadata } from '../../src/python/metadata/metadata.js';

export const CREATED = '2024-11-20T20:23:36Z';

const BARE: CoreMetadata = {
  metadataVersion: '2.4',
  name: 'demo',
  version: '1.0',
  summary: undefined,
  requiresPython: undefined,
  licenseExpression: undefined,
  author: undefined,
  authorEmail: undefined,
  homePage: undefined,
  projectUrls: [],
  labels: [],
};

/** The sdist of `demo` 1.0, whose metadata says nothing but what is given. */
export function demoSdist(metadata: Partial<CoreMetadata> = {}): Distribution {
  return {
    kind: 'sdist',
    path: 'dist/demo-1.0.tar.gz',
    filename: 'demo-1.0.tar.gz',
    bytes: memoryBytes(Buffer.alloc(22)),
    project: 'demo',
    version: { spelled: '1.0', normal: '1.0', key: '1' },
    architecture: '.tar.gz',
    metadata: { ...BARE, ...metadata },
    coreMetadata: undefined,
  };
}

/** METADATA of the wheel. */
export const METADATA: Uint8Array = Buffer.from('Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n\nA “demo”.\n');

/** A wheel of `demo` 1.0. */
export function demoWheel(metadata: Partial<CoreMetadata> = {}, architecture = 'py3-none-any.whl'): Distribution {
  const filename = `demo-1.0-${architecture}`;
  const sdist = demoSdist(metadata);
  return { ...sdist, kind: 'wheel', path: `dist/${filename}`, filename, architecture, coreMetadata: METADATA };
}

/** What a job says of every file in exactly PyOCI's form. */
export const PLAIN: DocumentContext = {
  created: CREATED,
  annotations: { manifest: {}, index: {}, defaults: false },
  run: undefined,
};

export const WITH_DEFAULTS: DocumentContext = { ...PLAIN, annotations: { ...PLAIN.annotations, defaults: true } };

export const IN_A_RUN: DocumentContext = {
  ...WITH_DEFAULTS,
  run: {
    id: '42',
    repositoryUrl: 'https://github.com/octo/demo',
    revision: '5b13b4db8d9f0a6d2ba4e7ad0cc0f9a6b8f5e4d3',
  },
};

/** The file that every golden manifest holds. */
export const FILE = {
  digest: digestFromHex('b7513fb69106a855b69153582dec476677b3c79f4a13cfee6fb7a356cfa754c0'),
  size: 22,
};

/** A golden document as it goes over the wire: the members of the file in its order, without white space. */
export function golden(name: string): string {
  const text = readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8');
  return JSON.stringify(JSON.parse(text));
}
