import { digestOf } from '../../../src/core/digest.js';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { deletionCure } from '../../../src/oci/registry/refusal/deletion-cures.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { startRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const NAME = parseRepositoryName('owner/demo');
const NOTHING = digestOf(Buffer.from('nothing'));

describe('a manifest that is to be deleted', () => {
  it('goes under a token for pull, push and delete, asked for at once', async () => {
    const registry = await startRegistry({ auth: 'bearer' });
    const store = storeOn(registry, { deletes: true });
    const index = await standingVersion(store.repository(NAME), '1.0', [{ architecture: '.tar.gz' }]);
    expect(await store.repository(NAME).deleteManifest(index.descriptor.digest)).toBe('deleted');
    const scopes = registry.requests.filter(({ path }) => path === '/token').map(({ query }) => query.get('scope'));
    expect(scopes).toEqual(['repository:owner/demo:delete,pull,push']);
    store.close();
    await registry.stop();
  });

  it('stays where the account may not delete, which the error says', async () => {
    const registry = await startRegistry({ auth: 'bearer', may: (_, action) => action !== 'delete' });
    const store = storeOn(registry, { deletes: true });
    const index = await standingVersion(store.repository(NAME), '1.0', [{ architecture: '.tar.gz' }]);
    const { digest } = index.descriptor;
    await expect(store.repository(NAME).deleteManifest(digest)).rejects.toMatchObject({
      status: 401,
      hint: expect.stringContaining('give them the right to delete there'),
    });
    expect(await store.repository(NAME).hasManifest(digest)).toBe(true);
    store.close();
    await registry.stop();
  });

  it('stays where the registry deletes nothing, and the error says what does', async () => {
    const registry = await startRegistry({ deletes: false });
    const store = storeOn(registry);
    await expect(store.repository(NAME).deleteManifest(NOTHING)).rejects.toMatchObject({
      status: 405,
      hint: expect.stringContaining('REGISTRY_STORAGE_DELETE_ENABLED=true'),
    });
    store.close();
    await registry.stop();
  });

  it('is deleted once more after an answer that may pass, and is gone then or has gone before', async () => {
    const registry = await startRegistry();
    const store = storeOn(registry);
    const index = await standingVersion(store.repository(NAME), '1.0', [{ architecture: '.tar.gz' }]);
    registry.refuse('DELETE', /manifests/, { status: 502 }, { applied: true });
    expect(await store.repository(NAME).deleteManifest(index.descriptor.digest)).toBe('absent');
    store.close();
    await registry.stop();
  });

  it('is never sent to a store that is for reading only', async () => {
    const registry = await startRegistry();
    const store = storeOn(registry, { readOnly: true });
    await expect(store.repository(NAME).deleteManifest(NOTHING)).rejects.toThrow('it was opened for reading only');
    expect(registry.requests).toEqual([]);
    store.close();
    await registry.stop();
  });
});

describe('the tool that deletes instead', () => {
  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'aws ecr batch-delete-image --region eu-west-1'],
    ['contoso.azurecr.io', 'az acr run --registry contoso'],
    ['europe-west1-docker.pkg.dev', 'gcloud artifacts repositories set-cleanup-policies'],
    ['harbor.example.com', 'tag retention rules'],
    ['registry.gitlab.com', 'cleanup policy for tags'],
    ['quay.io', 'auto-prune policy'],
    ['registry-1.docker.io', 'hub.docker.com'],
    ['localhost:5000', 'localhost:5000 does not let manifests be deleted'],
  ])('of %s: %s', (host, tool) => {
    expect(deletionCure(host)).toContain(tool);
  });
});
