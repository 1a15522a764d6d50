import { UsageError, UserError } from '../core/errors.js';

declare const kind: unique symbol;

/** A tag, at most 128 characters. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
export type Tag = string & { readonly [kind]: 'Tag' };
/** A repository name inside a registry (`owner/name`). Same section. */
export type RepositoryName = string & { readonly [kind]: 'RepositoryName' };

/** For requests that are about no repository: their token is asked for what the challenge demands, and nothing else. */
export const NO_REPOSITORY = '' as RepositoryName;

const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

export function isRepositoryName(text: string): text is RepositoryName {
  return text.split('/').every((component) => COMPONENT.test(component));
}

export function isTag(text: string): text is Tag {
  return TAG.test(text);
}

/** @throws UserError if `text` is not a legal tag. */
export function parseTag(text: string): Tag {
  if (!isTag(text)) throw new UserError(`Cannot use "${text}" as a tag: expected up to 128 of A-Z a-z 0-9 . _ -`);
  return text;
}

/**
 * @param text path components divided by `/`
 * @throws UsageError if a component is illegal, or `host/name` would be longer than 255 characters, which registries cap.
 */
export function parseRepositoryName(text: string, host = ''): RepositoryName {
  const bad = text.split('/').find((component) => !COMPONENT.test(component));
  if (bad !== undefined) {
    throw new UsageError(`Cannot use "${text}" as a repository name: "${bad}" is not a legal part of one`, {
      hint: 'use lower-case letters and digits, with single . _ or - between them',
    });
  }
  if (`${host}/${text}`.length > 255) {
    throw new UsageError(`Cannot use "${text}" as a repository name: with the host it is longer than 255 characters`);
  }
  return text as RepositoryName;
}
