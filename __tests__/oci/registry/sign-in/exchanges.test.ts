import { RegistryError } from '../../../../src/oci/registry/refusal/errors.js';
import { Exchanges } from '../../../../src/oci/registry/sign-in/exchanges.js';

const refusal = (status: number) =>
  new RegistryError({ step: 'sign in', method: 'GET', url: 'x', status, reasons: [], retryAfter: undefined });

/** Exchanges that end when the test lets them. */
function held(exchanges: Exchanges) {
  const under = new Set<(outcome: string | Error) => void>();
  let begun = 0;
  const begin = (): Promise<string> =>
    exchanges.run(
      () =>
        new Promise((resolve, reject) => {
          begun += 1;
          const end = (outcome: string | Error): void => {
            under.delete(end);
            if (typeof outcome === 'string') resolve(outcome);
            else reject(outcome);
          };
          under.add(end);
        }),
    );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begin,
    begun: () => begun,
    underWay: async () => {
      await settle();
      return under.size;
    },
    end: (outcome: string | Error) => [...under][0]?.(outcome),
  };
}

it('one is made alone until one has succeeded, then four at a time', async () => {
  const { begin, underWay, end } = held(new Exchanges());
  const all = Promise.all(Array.from({ length: 10 }, begin));
  expect(await underWay()).toBe(1);
  end('token');
  expect(await underWay()).toBe(4);
  for (let left = await underWay(); left > 0; left = await underWay()) end('token');
  expect(await all).toEqual(Array.from({ length: 10 }, () => 'token'));
});

it('credentials refused three times are not shown again, and each is told the refusal', async () => {
  const { begin, begun, underWay, end } = held(new Exchanges());
  const all = Promise.allSettled(Array.from({ length: 10 }, begin));
  const last = refusal(401);
  for (const error of [refusal(401), refusal(401), last]) {
    expect(await underWay()).toBe(1);
    end(error);
  }
  expect(await underWay()).toBe(0);
  expect(begun()).toBe(3);
  const reasons = (await all).map((result) => result.status === 'rejected' && result.reason);
  expect(reasons.slice(2)).toEqual(Array.from({ length: 8 }, () => last));
});

it.each([
  ['a refusal of a right', refusal(403)],
  ['trouble of the service', refusal(500)],
  ['trouble of the network', new Error('ECONNRESET')],
])('%s says nothing about the credentials', async (_, error) => {
  const { begin, begun, underWay, end } = held(new Exchanges());
  const all = Promise.allSettled(Array.from({ length: 6 }, begin));
  while ((await underWay()) > 0) end(error);
  await all;
  expect(begun()).toBe(6);
});

it('a refusal after a success concerns that token alone', async () => {
  const exchanges = new Exchanges();
  await exchanges.run(async () => 'token');
  for (let times = 0; times < 5; times += 1) {
    await expect(exchanges.run(() => Promise.reject(refusal(401)))).rejects.toMatchObject({ status: 401 });
  }
  expect(await exchanges.run(async () => 'another')).toBe('another');
});
