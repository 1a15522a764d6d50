import { parseRepositoryName } from '../../../../src/oci/reference.js';
import { refusal } from '../../../support/registry/exchange.js';
import { EMPTY_INDEX, startSession } from '../../../support/registry-session.js';

const names = (count: number) => Array.from({ length: count }, (_, at) => `owner/p${String(at).padStart(3, '0')}`);

describe('the repositories of a registry', () => {
  it.each([
    ['all at once', undefined],
    ['page by page', 7],
  ])('are listed %s', async (_, pageSize) => {
    const { store, registry, stop } = await startSession({ pageSize });
    for (const name of names(30)) registry.holding(name, { tags: { '1.0': EMPTY_INDEX } });
    expect(await store.repositories()).toEqual(names(30));
    await stop();
  });

  it('are listed by a token for nothing else, and repositories are read as before', async () => {
    const { store, registry, stop } = await startSession({ auth: 'bearer' });
    registry.holding('owner/demo', { tags: { '1.0': EMPTY_INDEX } });
    expect(await store.repository(parseRepositoryName('owner/demo')).tags()).toEqual(['1.0']);
    expect(await store.repositories()).toEqual(['owner/demo']);
    const scopes = registry.requests.filter(({ path }) => path === '/token').map(({ query }) => query.getAll('scope'));
    expect(scopes.at(-1)).toEqual(['registry:catalog:*']);
    await stop();
  });

  it('are none where the registry says null', async () => {
    const { store, registry, stop } = await startSession();
    registry.alter('GET', /_catalog/, (answer) => ({ ...answer, body: { repositories: null } }));
    expect(await store.repositories()).toEqual([]);
    await stop();
  });

  it('are passed over where their names are none', async () => {
    const { store, registry, stop } = await startSession();
    const body = { repositories: ['owner/a', 'Owner/B', '../c', 7, 'owner/a'] };
    registry.alter('GET', /_catalog/, (answer) => ({ ...answer, body }));
    expect(await store.repositories()).toEqual(['owner/a']);
    await stop();
  });

  it.each([400, 403, 404, 405])('are kept by a registry that answers %s: the error says what to do', async (status) => {
    const { store, registry, stop } = await startSession();
    registry.refuse('GET', /_catalog/, refusal(status, 'UNSUPPORTED', 'not here'));
    await expect(store.repositories()).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(`Cannot list the repositories of 127\\.0\\.0\\.1:\\d+: it answers ${status}`),
      ),
      hint: expect.stringContaining('name the packages instead'),
    });
    await stop();
  });

  it('are kept from a token that may not have them', async () => {
    const { store, stop } = await startSession({ auth: 'bearer', may: (name) => name !== '' });
    await expect(store.repositories()).rejects.toThrow(/it answers 401 to that/);
    await stop();
  });
});
