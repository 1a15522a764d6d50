import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { guardedLookup } from '../../../../src/oci/registry/origins/guarded-lookup.js';
import { Connections } from '../../../../src/oci/registry/transport/connections.js';
import { exchange } from '../../../../src/oci/registry/transport/exchange.js';
import { KeptLog } from '../../../support/ports.js';

/** A name service that knows every name, under these addresses. */
const names =
  (...addresses: readonly string[]): LookupFunction =>
  (_, options, callback) => {
    const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
const look = (lookup: LookupFunction, all: boolean): Promise<unknown> =>
  new Promise((resolve, reject) => {
    guardedLookup(lookup)('storage.example', { all }, (error, found) => (error ? reject(error) : resolve(found)));
  });

describe('a name that a registry sends us to', () => {
  it.each([true, false])('is looked up as ever where it stands for other addresses, all of them: %s', async (all) => {
    const found = [{ address: '10.0.0.5', family: 4 }];
    expect(await look(names('10.0.0.5'), all)).toEqual(all ? found : '10.0.0.5');
  });

  it.each([
    ['169.254.169.254'],
    ['fe80::1'],
    ['::ffff:169.254.169.254'],
    ['64:ff9b::a9fe:a9fe'],
    ['2002:a9fe:a9fe::1'],
    ['fd00:ec2::254'],
  ])('is not connected to where it stands for %s', async (address) => {
    for (const all of [true, false]) {
      await expect(look(names(address), all)).rejects.toThrow(/^Cannot connect to storage\.example: .*link-local/);
    }
  });

  it('is not connected to where one of its addresses is link-local', async () => {
    await expect(look(names('8.8.8.8', '169.254.169.254'), true)).rejects.toThrow(/link-local/);
  });

  it('that is unknown is told as ever', async () => {
    const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    const none: LookupFunction = (_, _options, callback) => callback(unknown, []);
    await expect(look(none, true)).rejects.toBe(unknown);
  });
});

describe('a connection', () => {
  const server = createServer((_, response) => response.end('x'));
  let port: number;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());

  async function get(sent: boolean, env = {}, lookup = names('169.254.169.254')): Promise<number> {
    const connections = new Connections(env, new KeptLog(), lookup);
    try {
      const way = connections.wayTo(new URL(`http://localhost.example:${port}/`), sent);
      const { signal } = new AbortController();
      const patience = { silence: 5_000, longestHead: 5_000 };
      const { status, body } = await exchange(way, {
        method: 'GET',
        headers: {},
        body: undefined,
        onProgress: undefined,
        ...patience,
        signal,
      });
      body.resume();
      return status;
    } finally {
      connections.close();
    }
  }

  it('to where a registry sends us is made with the addresses that were looked at', async () => {
    expect(await get(true, {}, names('127.0.0.1'))).toBe(200);
    await expect(get(true)).rejects.toThrow(/the name stands for a link-local address/);
  });

  it('through a proxy leaves the names to the proxy', async () => {
    expect(await get(true, { http_proxy: `http://127.0.0.1:${port}` })).toBe(200);
  });

  it('to the registry itself asks the system alone, which the user trusts', async () => {
    const way = new Connections({}, new KeptLog(), names('169.254.169.254')).wayTo(new URL('http://registry.example/'));
    expect(way.lookup).toBeUndefined();
  });
});
