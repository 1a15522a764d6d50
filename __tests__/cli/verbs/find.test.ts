import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRepositoryName } from '../../../src/oci/reference.js';
import { sdistFile, wheelFile } from '../../support/builders.js';
import { run } from '../../support/command.js';
import { standingVersion } from '../../support/pyoci-version.js';
import { refusal } from '../../support/registry/exchange.js';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../../support/registry.js';
import { storeOn } from '../../support/registry-store.js';

const DAY = 86_400_000;

describe('find in a folder', () => {
  let folder: string;
  const find = (...args: readonly string[]) => run(['find', '--oci-layout', join(folder, 'oci'), ...args]);
  const names = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await find('--json', ...args);
    return (JSON.parse(stdout) as { packages: { image: string }[] }).packages.map(({ image }) => image);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'find-'));
    const label = (text: string) => [`Classifier: PyOCI :: Label :: ${text}`];
    const files = [
      await wheelFile(folder, { name: 'acme-app', version: '1.0', headers: label('team :: blue') }),
      await wheelFile(folder, { name: 'acme-app', version: '2.0rc1' }),
      await wheelFile(folder, {
        name: 'acme-lib',
        version: '0.3',
        tag: 'cp313-cp313-win_amd64',
        headers: label('team :: red'),
      }),
      await sdistFile(folder, { name: 'other', version: '5' }),
    ];
    const env = { SOURCE_DATE_EPOCH: String(Math.floor((Date.now() - 40 * DAY) / 1000)) };
    await run(['--oci-layout', join(folder, 'oci'), '--namespace', 'me', ...files], { env });
    await utimes(folder, new Date(), new Date());
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('shows the newest final version of each package, its files, size and age', async () => {
    const { status, stdout } = await find();
    expect(status).toBe(0);
    expect(
      stdout.replaceAll(/\d+ B|[\d.]+ KiB/g, 'SIZE').replaceAll(/ {2,}/g, '  '),
    ).toBe(`PACKAGE  NEWEST  VERSIONS  FILES  SIZE  AGE
me/acme_app  1.0  2  1  SIZE  40 days
me/acme_lib  0.3  1  1  SIZE  40 days
me/other  5  1  1  SIZE  40 days
3 found in 3 repositories
`);
  });

  it.each([
    [['acme'], ['me/acme_app', 'me/acme_lib']],
    [['ACME-A'], ['me/acme_app']],
    [['acme.*'], ['me/acme_app', 'me/acme_lib']],
    [['*lib'], ['me/acme_lib']],
    [['nothing'], []],
    [['--file', '*cp313*'], ['me/acme_lib']],
    [
      ['--file', '*.tar.gz', '--file', '*win*'],
      ['me/acme_lib', 'me/other'],
    ],
    [['--label', 'team=blue'], ['me/acme_app']],
    [
      ['--label', 'team'],
      ['me/acme_app', 'me/acme_lib'],
    ],
    [['--label', 'team=b*', '--label', 'team=*e'], ['me/acme_app']],
    [
      ['--packages', 'me/acme-lib, me/other'],
      ['me/acme_lib', 'me/other'],
    ],
    [['--namespace', 'me', '--packages', 'acme-lib'], ['me/acme_lib']],
    [['--namespace', 'nobody'], []],
  ])('finds by %j', async (args, expected) => {
    expect(await names(...args)).toEqual(expected);
  });

  it('passes over a yanked version, and says of a package that has no other', async () => {
    const oci = ['--oci-layout', join(folder, 'oci')];
    await run(['yank', ...oci, 'me/acme_app:1.0']);
    await run(['yank', ...oci, 'me/other:5']);
    const { stdout } = await find('--json');
    const { packages } = JSON.parse(stdout) as { packages: { image: string; version: string; yanked: boolean }[] };
    expect(packages.map(({ image, version, yanked }) => [image, version, yanked])).toEqual([
      ['me/acme_app', '2.0rc1', false],
      ['me/acme_lib', '0.3', false],
      ['me/other', '5', true],
    ]);
    expect((await find('other')).stdout).toContain('5 (yanked)');
    for (const image of ['me/acme_app:1.0', 'me/other:5']) await run(['yank', ...oci, '--undo', image]);
  });

  it.each([
    [['one', 'two'], /expected one name or pattern, found one two/],
    [['--label', '=x'], /option --label: found "=x", expected KEY or KEY=VALUE/],
    [['--concurrency', '33'], /option --concurrency: found "33", expected a whole number from 1 to 32/],
    [['--packages', 'a//b'], /option --packages: Cannot use "a\/\/b" as a repository name/],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await find(...args);
    expect([status, message.test(stderr)]).toEqual([2, true]);
  });
});

describe('find in a registry', () => {
  let registry: TestRegistry;
  const start = async (options: Partial<RegistryOptions> = {}): Promise<void> => {
    registry = await startRegistry({ pageSize: 50, ...options });
  };
  const find = (...args: readonly string[]) =>
    run(['find', '--registry', registry.origin, '--namespace', 'octo', ...args]);
  afterEach(() => registry.stop());
  const publish = async (name: string): Promise<void> => {
    const repository = storeOn(registry).repository(parseRepositoryName(name));
    await standingVersion(repository, '1.0', [{ architecture: 'py3-none-any.whl', labels: { team: 'blue' } }]);
  };

  it('passes over what is no package, has no tags, or may not be read', async () => {
    await start();
    for (const name of ['octo/a', 'octo/b', 'else/c']) await publish(name);
    const child = registry.index('octo/a', '1.0').manifests[0]?.digest ?? '';
    const image = { bytes: registry.bytes('octo/a', child), mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    registry.holding('octo/image', { tags: { '1.0': image } }).holding('octo/empty', {});
    registry.refuse('GET', /octo\/b\/tags/, refusal(403, 'DENIED', 'not yours'));
    const { status, stdout } = await find();
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /\/octo\/a +1\.0 +1 +1 +- +\d+ days\n1 found in 4 repositories; passed over: 2 of other kinds, 1 that these credentials may not read\n$/,
    );
  });

  it('asks for no manifest without a label, and for one a package with one', async () => {
    await start();
    await publish('octo/a');
    const before = registry.requests.length;
    await find();
    expect(registry.log.slice(before).filter((line) => line.includes('/manifests/sha256'))).toEqual([]);
    const { stdout } = await find('--label', 'team=blue');
    expect(stdout).toContain('/octo/a');
    expect(registry.log.slice(before).filter((line) => line.includes('/manifests/sha256'))).toHaveLength(1);
  });

  it('says what to do where the registry lists nothing', async () => {
    await start({ catalog: false });
    await publish('octo/a');
    const refused = await find();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /Cannot list the repositories of 127\.0\.0\.1:\d+: it answers 404 to that\n(?:.*\n)*To fix it: .*name the packages instead/,
    );
    expect((await find('--packages', 'a')).stdout).toContain('/octo/a');
  });
});
