import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRepositoryName } from '../../src/oci/reference.js';
import { standingVersion } from '../support/pyoci-version.js';
import { storeOn } from '../support/registry-store.js';
import { type CommandResult, runCommand } from './support/command.js';
import { distributions, type Facts, ofProject } from './support/distributions.js';
import { placeOf } from './support/expectation.js';
import { PythonEnvironment } from './support/python-environment.js';
import { Stage } from './support/stage.js';

const { published } = distributions();
const PROJECTS = ['demo-flit', 'demo-setuptools', 'zope-interface', 'python-dateutil'];
const files = PROJECTS.flatMap((name) => ofProject(published, name));

describe('what the action published, seen by the command', () => {
  let stage: Stage;
  let home: string;
  let python: PythonEnvironment;
  beforeAll(async () => {
    stage = await Stage.open();
    home = mkdtempSync(join(tmpdir(), 'pyoci-publish-pull-'));
    python = new PythonEnvironment();
    stage.workspace.hold(files);
    expect(await stage.publish()).toMatchObject({ code: 0 });
  });
  beforeEach(() => stage.recorder.reset());
  afterAll(async () => {
    await stage.close();
    python.remove();
    rmSync(home, { recursive: true, force: true });
  });

  function command(verb: string, ...args: readonly string[]): Promise<CommandResult> {
    const { username, password } = stage.registry.credentials;
    return runCommand([verb, '--json', '--username', username, '--password-stdin', ...args], password);
  }
  const imageOf = (file: Facts) => `${stage.recorder.host}/${placeOf('owner', file).repository}`;
  const folderOf = (name: string) => join(home, name);

  it.each(PROJECTS)('shows every file of %s, with size and hash', async (name) => {
    const ours = ofProject(published, name);
    const [first] = ours as [Facts];
    const { code, stdout } = await command('show', imageOf(first));
    expect(code).toBe(0);
    const { versions, foreignTags } = JSON.parse(stdout) as Shown;
    expect(foreignTags).toEqual([]);
    expect(versions.map(({ version }) => version)).toEqual([first.version]);
    const shown = versions.flatMap((version) =>
      version.files.map(({ architecture, size, sha256 }) => ({ architecture, size, sha256 })),
    );
    const facts = ours.map(({ architecture, size, sha256 }) => ({ architecture, size, sha256 }));
    expect(new Set(shown.map((file) => JSON.stringify(file)))).toEqual(
      new Set(facts.map((file) => JSON.stringify(file))),
    );
    expect(stage.recorder.writes).toEqual([]);
  });

  it.each(PROJECTS)('pulls %s byte for byte, and pip installs it from the folder alone', async (name) => {
    const ours = ofProject(published, name);
    const [first] = ours as [Facts];
    const folder = folderOf(name);
    const { code } = await command('pull', '-d', folder, `${imageOf(first)}:${placeOf('owner', first).tag}`);
    expect(code).toBe(0);
    const found = readdirSync(folder).map((file) => [file, sha256Of(join(folder, file))]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(ours.map(({ file, sha256 }) => [file, sha256])));
    expect(stage.recorder.writes).toEqual([]);
    if (!ours.some(({ architecture }) => /^py[23.py]*-none-any\.whl$/.test(architecture))) return;
    python.installFrom(folder, first.name);
    expect(python.versionOf(first.name)).toBe(first.version);
  });

  it('pulls again without a download, and refuses other bytes until it is told to replace them', async () => {
    const [file] = ofProject(published, 'demo-flit') as [Facts];
    const argv = ['-d', folderOf('again'), `${imageOf(file)}:${file.version}`];
    await command('pull', ...argv);
    stage.recorder.reset();
    expect(statusesOf(await command('pull', ...argv))).toEqual(['unchanged', 'unchanged']);
    expect(stage.recorder.requests.filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
    writeFileSync(join(folderOf('again'), file.file), 'mine');
    expect(await command('pull', ...argv)).toMatchObject({ code: 1, stderr: expect.stringContaining(file.file) });
    expect(readFileSync(join(folderOf('again'), file.file), 'utf8')).toBe('mine');
    expect(statusesOf(await command('pull', '--force', ...argv))).toContain('replaced');
    expect(sha256Of(join(folderOf('again'), file.file))).toBe(file.sha256);
  });

  it('refuses a file whose bytes were changed in the storage of the registry, and keeps the other', async () => {
    const ours = ofProject(published, 'demo-setuptools');
    const [tampered, other] = ours as [Facts, Facts];
    const path = stage.registry.blobPath(tampered.sha256);
    const bytes = readFileSync(path);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(200) ^ 1, 200);
    writeFileSync(path, changed);
    try {
      const folder = folderOf('tampered');
      const { code, stderr } = await command('pull', '-d', folder, `${imageOf(other)}:${other.version}`);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`error: ${tampered.file}: Cannot download .*\\nCannot verify sha256:${tampered.sha256}`),
      );
      expect(readdirSync(folder)).toEqual(ours.slice(1).map(({ file }) => file));
    } finally {
      writeFileSync(path, bytes);
    }
  });

  it('shows and pulls what PyOCI itself has published, and says which of its tags no installer sees', async () => {
    const [wheel] = ofProject(published, 'demo-flit').filter(({ file }) => file.endsWith('.whl')) as [Facts];
    const { host } = stage.registry;
    const credentials = { kind: 'basic', source: 'the test', ...stage.registry.credentials } as const;
    const store = storeOn({ host, credentials });
    const repository = store.repository(parseRepositoryName('owner/theirs/demo_flit'));
    const standing = { architecture: wheel.architecture, bytes: readFileSync(wheel.path), labels: { team: 'core' } };
    await standingVersion(repository, wheel.version, [standing]);
    await standingVersion(repository, 'latest', [standing]);
    store.close();

    const image = `${stage.recorder.host}/owner/theirs/demo_flit`;
    const shown = await command('show', image);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      ok: true,
      versions: [
        { version: wheel.version, files: [{ sha256: wheel.sha256, size: wheel.size, labels: { team: 'core' } }] },
      ],
      unseenTags: [{ tag: 'latest', files: [{ sha256: wheel.sha256 }] }],
      foreignTags: [],
    });
    const folder = folderOf('theirs');
    expect(await command('pull', '-d', folder, `${image}:${wheel.version}`)).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([wheel.file]);
    expect(sha256Of(join(folder, wheel.file))).toBe(wheel.sha256);
    python.installFrom(folder, 'demo-flit');
    expect(python.versionOf('demo-flit')).toBe(wheel.version);
  });

  it('gives a reader what a reader may have: no right to push is asked for', async () => {
    const [file] = ofProject(published, 'demo-flit') as [Facts];
    const { password } = stage.registry.credentials;
    const argv = ['show', '--username', 'reader', '--password-stdin', imageOf(file)];
    const { code, stdout, stderr } = await runCommand(argv, password);
    expect({ code, stderr: stderr.replace(/^Signing in.*\n/, '') }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(file.sha256);
    const wrong = await runCommand(argv, 'another-password');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/does not accept the credentials/);
    expect(wrong.stderr).not.toContain('another-password');
  });
});

interface Shown {
  readonly versions: readonly {
    readonly version: string;
    readonly files: readonly { readonly architecture: string; readonly size: number; readonly sha256: string }[];
  }[];
  readonly foreignTags: readonly unknown[];
}

function statusesOf({ stdout }: CommandResult): readonly string[] {
  return (JSON.parse(stdout) as { files: readonly { status: string }[] }).files.map(({ status }) => status);
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
