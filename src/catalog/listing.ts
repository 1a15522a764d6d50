/** What a repository holds, in lines for people and members for programs. Pure; the text in it is untrusted. */
import { hexOf } from '../core/digest.js';
import { sizeText } from '../core/text/size.js';
import { ANNOTATION } from '../pyoci/layout.js';
import { namesOf } from './attachments.js';
import { labelsOf, type StoredFile } from './contents.js';
import type { StoredPackage } from './package.js';
import type { IndexedAttachment, StoredIndex } from './version.js';

/**
 * @param image the repository as the user knows it: `ghcr.io/owner/name`
 * @param argument the same as it is named on a command line, options included
 */
export function listingLines(held: StoredPackage<StoredFile>, image: string, argument = image): readonly string[] {
  const { versions, unseen, foreign } = held;
  const files = versions.flatMap((version) => version.files);
  const size = files.reduce((sum, { content }) => sum + (content?.layer.size ?? 0), 0);
  return [
    `${image}: ${counted(versions.length, 'version')}, ${counted(files.length, 'file')}, ${sizeText(size)}`,
    ...versions.flatMap((version) => ['', ...indexLines(version, version.version, image)]),
    ...(unseen.length ? ['', 'Tags that are no versions, so that pip and uv pass over their files:'] : []),
    ...unseen.flatMap((index) => ['', ...indexLines(index, index.tag, image), ...cureLines(index, argument)]),
    ...(foreign.length ? ['', 'Tags that keep PyOCI from listing this package:'] : []),
    ...foreign.map(({ tag, why }) => `  ${tag}: ${why}`),
  ];
}

/** The members of one listing; docs/command.md describes them. */
export function listingMembers({ versions, unseen, foreign }: StoredPackage<StoredFile>, image: string): object {
  return {
    image,
    versions: versions.map((version) => ({ version: version.version, ...indexMembers(version, image) })),
    unseenTags: unseen.map((index) => indexMembers(index, image)),
    foreignTags: foreign.map(({ tag, why }) => ({ tag, why })),
  };
}

function indexMembers(
  { tag, digest, created, annotations, yanked, files, attachments, oddities }: StoredIndex<StoredFile>,
  image: string,
): object {
  const attached = attachmentsBy(attachments);
  return {
    tag,
    image: `${image}:${tag}`,
    digest,
    created,
    annotations,
    yanked: yanked?.yanked ? { reason: yanked.reason, at: new Date(yanked.at).toISOString() } : undefined,
    files: files.map((file) => ({
      ...fileMember(file),
      attachments: attached(file.architecture).map(attachmentMember),
    })),
    attachments: attached(undefined).map(attachmentMember),
    otherEntries: oddities.length ? oddities.map(({ entry, why }) => ({ entry, why })) : undefined,
  };
}

function indexLines(index: StoredIndex<StoredFile>, title: string, image: string): readonly string[] {
  const { tag, digest, created, yanked, files, attachments, oddities } = index;
  const attached = attachmentsBy(attachments);
  return [
    `${title}${created === undefined ? '' : `, created ${created}`}`,
    `  ${image}:${tag}@${digest}`,
    ...(yanked?.yanked ? [`  yanked${yanked.reason === '' ? '' : `: ${yanked.reason}`}`] : []),
    ...files.flatMap((file) => [
      ...fileLines(file),
      ...attached(file.architecture).map((attachment) => `    ${attachmentText(attachment)}`),
    ]),
    ...attached(undefined).map((attachment) => `  of the version: ${attachmentText(attachment)}`),
    ...oddities.map(({ entry, why }) => `  entry ${entry}: ${why}`),
  ];
}

/** What gets files back that PyOCI filed under a tag which is no version. */
function cureLines({ tag, files }: StoredIndex, argument: string): readonly string[] {
  const names = files.flatMap(({ trueNames }) => trueNames.slice(0, 1)).map(({ filename }) => filename);
  if (!names.length) return [];
  return [
    `  probably ${names.join(' and ')}, whose name PyOCI cut at its first dash. To put it right:`,
    `  pyoci-publish pull -d old ${argument}:${tag}`,
    `  then publish what is in old, and delete the tag ${tag}`,
  ];
}

function fileLines({ served, content, manifest }: StoredFile): readonly string[] {
  if (!content) return [`  ${served}: its manifest ${manifest.digest} is gone, or stands for no file`];
  const labels = Object.entries(labelsOf(content.annotations));
  return [
    `  ${served} (${sizeText(content.layer.size)})`,
    `    ${content.layer.digest}`,
    ...labels.map(([key, value]) => `    ${key} = ${value}`),
  ];
}

function fileMember({ served, trueNames, architecture, declared, manifest, content }: StoredFile): object {
  return {
    file: served,
    trueNames: trueNames.length ? trueNames.map(({ filename }) => filename) : undefined,
    architecture,
    size: content?.layer.size,
    sha256: content ? hexOf(content.layer.digest) : declared,
    manifest: manifest.digest,
    present: content !== undefined,
    created: content?.annotations[ANNOTATION.created],
    labels: content && labelsOf(content.annotations),
    annotations: content?.annotations,
  };
}

/** An attachment by its name. */
type Attached = ReturnType<typeof namesOf>[number];

/** Those of one file, by its architecture; of the version, by none. */
function attachmentsBy(attachments: readonly IndexedAttachment[]): (about: string | undefined) => readonly Attached[] {
  const named = namesOf(attachments);
  return (about) => named.filter(({ attachment }) => attachment.about === about);
}

function attachmentText({ name, attachment: { served, type, content, manifest } }: Attached): string {
  const shown = `${type} ${name ?? served}`;
  return content
    ? `${shown} (${sizeText(content.layer.size)})`
    : `${shown}: its manifest ${manifest.digest} is gone, or is none of one file`;
}

function attachmentMember({ name, attachment }: Attached): object {
  const { served, type, architecture, content, declared, manifest } = attachment;
  return {
    file: name ?? served,
    type,
    architecture,
    size: content?.layer.size,
    sha256: content ? hexOf(content.layer.digest) : declared,
    manifest: manifest.digest,
    present: content !== undefined,
    created: content?.annotations[ANNOTATION.created],
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
