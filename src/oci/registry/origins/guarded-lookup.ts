import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { UserError } from '../../../core/errors.js';
import { isLinkLocalAddress } from './addresses.js';

/**
 * Looks up a name that a registry sends us to, and fails if it stands for a link-local address: what may not be written as
 * an address may not be hidden behind a name either. The connection is made with the very addresses that were checked.
 * @param lookup how names are looked up
 */
export function guardedLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      callback(!error && addresses.some(isLinkLocalAddress) ? refused(hostname) : error, found, family);
    });
  };
}

function refused(hostname: string): UserError {
  return new UserError(`Cannot connect to ${hostname}: the name stands for a link-local address`, {
    hint: 'ask whoever runs the registry to correct the address that it sends us to',
  });
}
