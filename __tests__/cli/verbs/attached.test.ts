import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { aCycloneDx, anAttestation, subjectOf } from '../../support/attachments.js';
import { aWheel, sdistFile, wheelFile } from '../../support/builders.js';
import { run } from '../../support/command.js';

const WHEEL = 'foo-1.0-py3-none-any.whl';
const SBOM = 'Stückliste der Software.json';

let folder: string;
let attestation: string;
let sbom: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attached-'));
  attestation = join(folder, `${WHEEL}.publish.attestation`);
  sbom = join(folder, SBOM);
  await writeFile(attestation, JSON.stringify(anAttestation([subjectOf(WHEEL, aWheel())])));
  await writeFile(sbom, JSON.stringify(aCycloneDx()));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const layout = () => ['--oci-layout', join(folder, 'oci')];

async function publish(): Promise<void> {
  const files = [await wheelFile(folder), await sdistFile(folder)];
  const ended = await run([...layout(), '--namespace', 'me', '--attach', `sbom=${sbom}`, ...files]);
  expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining('attachments: 2 published') });
}

describe('show', () => {
  it('names attachments under the file that they are about, and those of the version behind all files', async () => {
    await publish();
    const { stdout } = await run(['show', ...layout(), 'me/foo']);
    expect(stdout).toMatch(/^me\/foo: 1 version, 2 files, /);
    expect(stdout).toMatch(
      /\n {2}foo-1\.0-py3-none-any\.whl \(.*\)\n {4}sha256:.*\n {4}attestation foo-1\.0-py3-none-any\.whl\.publish\.attestation \(\d+ B\)\n {2}foo-1\.0\.tar\.gz \(/,
    );
    expect(stdout).toMatch(/\n {2}of the version: sbom Stückliste der Software\.json \(\d+ B\)\n$/);
  });

  it('tells programs the same', async () => {
    await publish();
    const { versions } = JSON.parse((await run(['show', '--json', ...layout(), 'me/foo'])).stdout);
    expect(versions).toMatchObject([
      {
        files: [
          {
            file: WHEEL,
            attachments: [
              {
                file: `${WHEEL}.publish.attestation`,
                type: 'attestation',
                architecture: '-py3-none-any.whl.publish.attestation',
                present: true,
                sha256: subjectOf('', await readFile(attestation)).sha256,
              },
            ],
          },
          { attachments: [] },
        ],
        attachments: [{ file: SBOM, type: 'sbom', architecture: '.cdx.json' }],
      },
    ]);
  });
});

describe('pull', () => {
  const target = () => join(folder, 'back');
  const pull = (...more: readonly string[]) => run(['pull', ...layout(), '-d', target(), ...more, 'me/foo:1.0']);

  it('leaves attachments where they are', async () => {
    await publish();
    expect(await pull()).toMatchObject({ status: 0, stderr: '' });
    expect(await readdir(target())).toEqual([WHEEL, 'foo-1.0.tar.gz']);
  });

  it('with --attachments gives them back, byte for byte, under the names that they were given', async () => {
    await publish();
    const { files, attachments } = JSON.parse((await pull('--attachments', '--json')).stdout);
    const named = (list: readonly { readonly file: string }[]) => list.map(({ file }) => file);
    expect(named(files)).toEqual([WHEEL, 'foo-1.0.tar.gz']);
    expect(named(attachments)).toEqual([`${WHEEL}.publish.attestation`, SBOM]);
    for (const path of [attestation, sbom]) {
      expect((await readFile(join(target(), basename(path)))).equals(await readFile(path))).toBe(true);
    }
    const again = await pull('--attachments');
    expect(again.stdout.match(/^unchanged /gm)).toHaveLength(4);
  });

  it('writes nothing where one of them is gone, and says so', async () => {
    await publish();
    const { versions } = JSON.parse((await run(['show', '--json', ...layout(), 'me/foo'])).stdout);
    const digest: string = versions[0].attachments[0].manifest;
    await rm(join(folder, 'oci/blobs/sha256', digest.slice('sha256:'.length)));
    const { status, stderr } = await pull('--attachments');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/foo-1\.0\.cdx\.json: its manifest is gone.*without --attachments/s),
    ]);
    await expect(readdir(target())).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await pull()).status).toBe(0);
    expect((await run(['show', ...layout(), 'me/foo'])).stdout).toContain('sbom foo-1.0.cdx.json: its manifest');
  });
});

describe('check', () => {
  it('looks into attachments that are named, and asks nobody whether their files are published', async () => {
    const { status, stdout } = await run(['check', await wheelFile(folder), attestation]);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`${attestation}: good\n  attestation of ${WHEEL}\n`)]);
    const alone = JSON.parse((await run(['check', '--json', attestation])).stdout);
    expect(alone).toMatchObject({ ok: true, files: [], attachments: [{ type: 'attestation', about: WHEEL }] });
  });

  it('fails for one that is about other bytes', async () => {
    const other = await wheelFile(folder, { summary: 'built again' });
    const { status, stderr } = await run(['check', other, attestation]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('and that file has sha256:')]);
  });
});

describe('publish', () => {
  it.each([
    ['sbom', /found "sbom", expected TYPE=FILE/],
    ['whl=x', /found the type "whl", expected attestation, sbom, signature or a word/],
    ['SBOM=x', /found the type "SBOM"/],
    ['sbom=/nonexistent/x.json', /\/nonexistent\/x\.json does not exist/],
  ])('refuses --attach %s as wrong usage', async (value, message) => {
    const ended = await run([...layout(), '--namespace', 'me', '--attach', value, await wheelFile(folder)]);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  it('refuses a word for --attachments that it does not know', async () => {
    const ended = await run([...layout(), '--namespace', 'me', '--attachments', 'all', await wheelFile(folder)]);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('expected auto or none') });
  });
});
