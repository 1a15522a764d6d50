/** What the arguments of a copy name: a namespace, a package or a version, in a registry or in a folder. Pure. */
import { UsageError } from '../../core/errors.js';
import { parseRepositoryName, type RepositoryName, type Tag } from '../../oci/reference.js';
import type { RegistryOrigin } from '../../oci/registry/login/registry-host.js';
import { parseImageName } from '../settings/image-name.js';

export interface PlaceArgument {
  /** As written. */
  readonly text: string;
  /** The layout folder that it lies in; `undefined` in a registry. */
  readonly folder: string | undefined;
  /** `undefined` in a folder. */
  readonly origin: RegistryOrigin | undefined;
  readonly names:
    | { readonly kind: 'namespace'; readonly namespace: string }
    | { readonly kind: 'package'; readonly repository: RepositoryName; readonly tag: Tag | undefined };
  /** Packages keep their full names. */
  readonly whole?: boolean;
}

/**
 * A slash at its end makes it a namespace: `ghcr.io/octo-org/`.
 * @param folder the layout folder that it lies in, so that no host stands in front
 * @throws UsageError saying what was found and what is expected
 */
export function parsePlace(text: string, folder: string | undefined): PlaceArgument {
  const trimmed = text.trim();
  const inFolder = folder !== undefined;
  if (trimmed === '/' && inFolder) {
    return { text: folder, folder, origin: undefined, names: { kind: 'namespace', namespace: '' } };
  }
  if (!trimmed.endsWith('/')) {
    const { origin, repository, tag, digest } = parseImageName(trimmed, inFolder);
    if (digest !== undefined) {
      throw new UsageError(`Cannot use "${text}" for a copy: it has a digest`, {
        hint: 'leave out the digest: a version is copied with what its tag lists',
      });
    }
    return { text, folder, origin, names: { kind: 'package', repository, tag } };
  }
  // The name of a package in it, so that both are read by one rule.
  const { origin, repository, tag } = parseImageName(`${trimmed}x`, inFolder);
  if (tag !== undefined) throw new UsageError(`Cannot use "${text}" for a copy: a namespace has no tag`);
  return {
    text,
    folder,
    origin,
    names: { kind: 'namespace', namespace: repository.split('/').slice(0, -1).join('/') },
  };
}

/**
 * Where a package goes. Its own name stays, since PyOCI makes the names of its files of it.
 * @param within the namespace that the source names, if it names one
 * @throws UsageError if the destination names a package of another name, or another tag
 */
export function destinationOf(
  repository: RepositoryName,
  { tag, within }: { readonly tag: Tag | undefined; readonly within: string | undefined },
  destination: PlaceArgument,
): RepositoryName {
  const below = within === undefined ? (repository.split('/').at(-1) ?? '') : pathBelow(repository, within);
  const { names, text, origin } = destination;
  if (names.kind === 'namespace') {
    const parts = [names.namespace, below].filter((part) => part !== '');
    return parseRepositoryName(parts.join('/'), origin?.host);
  }
  const wrong = (what: string, hint: string): UsageError => new UsageError(`Cannot copy to ${text}: ${what}`, { hint });
  const name = names.repository.split('/').at(-1);
  if (name !== below) {
    throw wrong(
      `the package is called ${below}, and this names ${name}; the name of a package is part of the names of its files`,
      `write ${text}/ if it is a namespace, or ${text.slice(0, text.length - (name?.length ?? 0))}${below}`,
    );
  }
  if (names.tag !== undefined && names.tag !== tag) {
    throw wrong(
      `the tag there would be ${names.tag}, and here it is ${tag ?? 'not given'}; the version is part of the names of its files`,
      'leave out the tag of the destination',
    );
  }
  return names.repository;
}

function pathBelow(repository: string, namespace: string): string {
  return namespace === '' ? repository : repository.slice(namespace.length + 1);
}
