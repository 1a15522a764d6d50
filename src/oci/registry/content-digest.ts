import type { IncomingHttpHeaders } from 'node:http';
import { type Digest, isDigest } from '../../core/digest.js';
import { UserError } from '../../core/errors.js';

/**
 * Compares the digest that the registry gives to content with ours. The header may be missing, and digests of other
 * algorithms tell us nothing.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @throws UserError if they differ
 */
export function checkContentDigest(headers: IncomingHttpHeaders, ours: Digest, step: string): void {
  const theirs = headers['docker-content-digest'];
  if (!isDigest(theirs) || theirs === ours) return;
  throw new UserError(`Cannot ${step}: the registry gives it the digest ${theirs}, we expect ${ours}`, {
    hint: 'something between here and the registry changes what passes through: a proxy, or the registry itself',
  });
}
