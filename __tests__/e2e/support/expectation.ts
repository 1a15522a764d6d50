import { createHash } from 'node:crypto';
import type { Facts } from './distributions.js';
import { REPOSITORY } from './runner.js';

/**
 * The documents that docs/format.md promises, made anew from what Python reads in the files. Nothing of our own code
 * is used, so that a mistake there cannot hide here.
 */

type Annotations = Readonly<Record<string, string>>;

const IMAGE = 'org.opencontainers.image';
const ARTIFACT_TYPE = 'application/pyoci.package.v1';

export interface Place {
  readonly repository: string;
  readonly tag: string;
}

export function placeOf(namespace: string, file: Facts): Place {
  return { repository: `${namespace}/${file.name.replaceAll('-', '_')}`, tag: file.version.replaceAll('+', '-') };
}

/** The image manifest of one file. */
export function expectedManifest(file: Facts, created: string): unknown {
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: ARTIFACT_TYPE,
    config: expectedConfig(file),
    layers: [
      {
        mediaType: ARTIFACT_TYPE,
        digest: `sha256:${file.sha256}`,
        size: file.size,
        annotations: { [`${IMAGE}.title`]: file.file },
      },
    ],
    annotations: { ...defaults(file, file.file), ...labels(file), [`${IMAGE}.created`]: created },
  };
}

/** METADATA of a wheel as JSON, else two bytes. */
function expectedConfig({ coreMetadata }: Facts): unknown {
  const bytes = coreMetadata === null ? '{}' : JSON.stringify({ 'core-metadata': coreMetadata });
  return {
    mediaType:
      coreMetadata === null
        ? 'application/vnd.oci.empty.v1+json'
        : 'application/vnd.pyoci-publish.wheel.config.v1+json',
    digest: `sha256:${sha256Of(bytes)}`,
    size: Buffer.byteLength(bytes),
  };
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The index of a version but for its entries. It speaks with the words of the sdist, else of the first wheel. */
export function expectedIndex(files: readonly Facts[], created: string): unknown {
  const byName = [...files].sort((a, b) => (a.file < b.file ? -1 : 1));
  const speaker = byName.find(({ file }) => file.endsWith('.tar.gz')) ?? byName[0];
  if (speaker === undefined) throw new Error('Cannot expect an index of no files');
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    artifactType: ARTIFACT_TYPE,
    annotations: { ...defaults(speaker, speaker.projectName), [`${IMAGE}.created`]: created },
  };
}

/** What an entry says beyond type, digest and size of its manifest. */
export function expectedEntry(file: Facts, created: string): unknown {
  return {
    platform: { architecture: file.architecture, os: 'any' },
    annotations: {
      'com.pyoci.sha256_digest': file.sha256,
      'com.pyoci.project_urls': JSON.stringify(Object.fromEntries(urlsOf(file))),
      [`${IMAGE}.created`]: created,
      'vnd.pyoci-publish.size': String(file.size),
      ...(file.requiresPython === null ? {} : { 'vnd.pyoci-publish.requires-python': file.requiresPython }),
      ...(file.coreMetadata === null ? {} : { 'vnd.pyoci-publish.core-metadata': sha256Of(file.coreMetadata) }),
    },
  };
}

function defaults(file: Facts, title: string): Annotations {
  return present({
    title,
    version: file.version,
    description: file.summary,
    licenses: file.licenseExpression,
    url: wellKnown(file, ['homepage']),
    documentation: wellKnown(file, ['documentation', 'docs']),
    source: `https://github.com/${REPOSITORY.name}`,
    revision: REPOSITORY.revision,
    authors: authors(file),
  });
}

function present(values: Readonly<Record<string, string | null | undefined>>): Annotations {
  const pairs = Object.entries(values).flatMap(([key, value]) => (value ? [[`${IMAGE}.${key}`, value]] : []));
  return Object.fromEntries(pairs);
}

function labels(file: Facts): Annotations {
  const pairs = file.classifiers.map((classifier) => /^PyO(?:CI|ci) :: Label :: (.+?) :: (.*)$/.exec(classifier));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}

function urlsOf(file: Facts): readonly (readonly [string, string])[] {
  const pairs = file.projectUrls.map((field): [string, string] => {
    const comma = field.indexOf(', ');
    return [field.slice(0, comma), field.slice(comma + 2)];
  });
  const home = pairs.some(([label]) => plain(label) === 'homepage');
  return file.homePage && !home ? [...pairs, ['Homepage', file.homePage]] : pairs;
}

function wellKnown(file: Facts, names: readonly string[]): string | undefined {
  return urlsOf(file).find(([label]) => names.includes(plain(label)))?.[1];
}

function plain(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** One author whose name and bare address stand in two fields is written as one; several are listed. */
function authors({ author, authorEmail }: Facts): string | null {
  if (author === null || authorEmail === null) return author ?? authorEmail;
  return /[\s<,]/.test(authorEmail) ? `${author}, ${authorEmail}` : `${author} <${authorEmail}>`;
}
