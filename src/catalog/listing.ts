/** What a repository holds, in lines for people and members for programs. Pure; the text in it is untrusted. */
import { hexOf } from '../core/digest.js';
import { sizeText } from '../core/size.js';
import { ANNOTATION } from '../pyoci/layout.js';
import { labelsOf, type StoredFile } from './stored-file.js';
import type { StoredPackage } from './stored-package.js';
import type { StoredVersion } from './stored-version.js';

/** @param image the repository as the user knows it: `ghcr.io/owner/name` */
export function listingLines({ versions, foreign }: StoredPackage, image: string): readonly string[] {
  const files = versions.flatMap((version) => version.files);
  const size = files.reduce((sum, { content }) => sum + (content?.layer.size ?? 0), 0);
  return [
    `${image}: ${counted(versions.length, 'version')}, ${counted(files.length, 'file')}, ${sizeText(size)}`,
    ...versions.flatMap((version) => ['', ...versionLines(version, image)]),
    ...(foreign.length ? ['', 'Tags that keep PyOCI from listing this package:'] : []),
    ...foreign.map(({ tag, why }) => `  ${tag}: ${why}`),
  ];
}

/** The members of one listing; docs/command.md describes them. */
export function listingMembers({ versions, foreign }: StoredPackage, image: string): object {
  return {
    image,
    versions: versions.map((version) => ({
      version: version.version,
      tag: version.tag,
      image: `${image}:${version.tag}`,
      digest: version.digest,
      created: version.created,
      annotations: version.annotations,
      files: version.files.map(fileMember),
    })),
    foreignTags: foreign.map(({ tag, why }) => ({ tag, why })),
  };
}

function versionLines({ version, tag, digest, created, files }: StoredVersion, image: string): readonly string[] {
  return [
    `${version}${created === undefined ? '' : `, created ${created}`}`,
    `  ${image}:${tag}@${digest}`,
    ...files.flatMap(fileLines),
  ];
}

function fileLines({ served, content, manifest }: StoredFile): readonly string[] {
  if (!content) return [`  ${served}: its manifest ${manifest} is gone, or stands for no file`];
  const labels = Object.entries(labelsOf(content.annotations));
  return [
    `  ${served} (${sizeText(content.layer.size)})`,
    `    ${content.layer.digest}`,
    ...labels.map(([key, value]) => `    ${key} = ${value}`),
  ];
}

function fileMember({ served, architecture, declared, manifest, content }: StoredFile): object {
  return {
    file: served,
    architecture,
    size: content?.layer.size,
    sha256: content ? hexOf(content.layer.digest) : declared,
    manifest,
    present: content !== undefined,
    created: content?.annotations[ANNOTATION.created],
    labels: content && labelsOf(content.annotations),
    annotations: content?.annotations,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
