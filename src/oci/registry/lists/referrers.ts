import type { Digest } from '../../../core/digest.js';
import { type Descriptor, isObject, parseDescriptor } from '../../descriptor.js';
import { LARGEST_DOCUMENT } from '../../document.js';
import { OCI_INDEX } from '../../media-types.js';
import type { RepositoryName } from '../../reference.js';
import type { ReadOptions } from '../../store.js';
import type { Http, ReadAnswer } from '../http.js';
import { readPages } from './listing.js';

/** Answers of registries without the API; GitHub's sends a redirect to another host, which is not followed. */
const NO_API = [301, 302, 303, 307, 308, 400, 404, 405, 501];

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers */
export async function listReferrers(
  http: Http,
  repository: RepositoryName,
  subject: Digest,
  artifactType: string,
  { signal }: ReadOptions,
): Promise<readonly Descriptor[] | undefined> {
  const step = `list what refers to ${subject}`;
  const found = new Map<string, Descriptor>();
  let offered = true;
  const request = {
    step,
    method: 'GET',
    url: http.url(`${repository}/referrers/${subject}`, { artifactType }),
    headers: { accept: OCI_INDEX },
    repository,
    accept: [200, ...NO_API],
    redirects: 'none',
    pages: true,
    limit: LARGEST_DOCUMENT,
    signal,
  } as const;
  await readPages(http, request, (page) => {
    const entries = page.status === 200 ? entriesOf(page) : undefined;
    offered &&= entries !== undefined;
    const before = found.size;
    for (const entry of entries ?? []) {
      const descriptor = parseDescriptor(entry, `the referrers of ${subject}`);
      found.set(descriptor.digest, descriptor);
    }
    return found.size > before;
  });
  // The registry may leave the filtering to us; what has no type at all may be one, and its content will tell.
  const fits = (descriptor: Descriptor) => !descriptor.artifactType || descriptor.artifactType === artifactType;
  return offered ? [...found.values()].filter(fits) : undefined;
}

function entriesOf({ body, headers }: ReadAnswer): readonly unknown[] | undefined {
  if (!headers['content-type']?.startsWith(OCI_INDEX)) return undefined;
  try {
    const index: unknown = JSON.parse(body.toString('utf8'));
    if (!isObject(index)) return undefined;
    // olareg writes an empty list as null, as Go does.
    const manifests = index.manifests ?? [];
    return Array.isArray(manifests) ? manifests : undefined;
  } catch {
    return undefined;
  }
}
