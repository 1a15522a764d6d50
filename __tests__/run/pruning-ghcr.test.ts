import nock from 'nock';
import { digestOf } from '../../src/core/digest.js';
import type { Document } from '../../src/oci/document.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import { run } from '../support/command.js';
import { MemoryStore } from '../support/memory-store.js';
import { PackagesService } from '../support/packages-service.js';
import { standingVersion } from '../support/pyoci-version.js';

const NAME = 'octo-org/foo';
const PASSWORD = 'ghp_classic_0123456789';

describe('a package on ghcr.io, pruned from a terminal', () => {
  const service = new PackagesService();
  beforeAll(async () => {
    await service.start();
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
  });
  afterAll(async () => {
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
    await service.stop();
  });

  it('is asked of GitHub, by its API and with the password for the registry', async () => {
    const repository = new MemoryStore().repository(parseRepositoryName(NAME));
    const ghcr = nock('https://ghcr.io').persist();
    const tags = ['1.0', '1.1.dev1', '1.1.dev2'];
    ghcr.get(/\/v2\/octo-org\/foo\/tags\/list/).reply(200, { name: NAME, tags });
    for (const tag of tags) {
      const bytes = Buffer.from(tag);
      const index: Document = await standingVersion(repository, tag, [{ architecture: '.tar.gz', bytes }]);
      const { mediaType, digest } = index.descriptor;
      const headers = { 'content-type': mediaType, 'docker-content-digest': digest };
      ghcr.get(`/v2/octo-org/foo/manifests/${parseTag(tag)}`).reply(200, index.bytes, headers);
      service.pushed(NAME, digest, tag, Date.parse('2020-01-01T00:00:00Z'));
    }
    service.pushed(NAME, digestOf(Buffer.from('left')), undefined, Date.parse('2020-01-01T00:00:00Z'));
    const { status, stdout, stderr } = await run(
      [
        'prune',
        '--dev',
        '--older-than',
        '30d',
        '--keep',
        '1.1.dev2',
        '--untagged',
        '--username',
        'me',
        '--password-stdin',
        `ghcr.io/${NAME}`,
      ],
      { stdin: PASSWORD, env: { GITHUB_API_URL: service.url } },
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: [
        'ghcr.io/octo-org/foo: 1 of 3 versions goes (2 dev, 1 final)',
        '  stays  1.1.dev2  dev    2020-01-01  kept by "1.1.dev2"',
        '  goes   1.1.dev1  dev    2020-01-01  older than 30d',
        '  stays  1.0       final  2020-01-01  no rule is for final versions',
        '  one manifest without a version goes, too',
        'Nothing was deleted. To delete what goes: add --apply',
        '',
      ].join('\n'),
    });
    expect(stderr).toContain('requests to the API of GitHub');
    expect(service.authorizations).toEqual(new Set([`token ${PASSWORD}`]));
  });

  it('needs somebody who signs in', async () => {
    const { status, stderr } = await run(['prune', '--dev', '--keep-last', '1', `ghcr.io/${NAME}`], {
      env: { GITHUB_API_URL: service.url },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('sign in with a classic personal access token');
  });
});
