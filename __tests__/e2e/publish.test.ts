import { distributions, type Facts } from './support/distributions.js';
import { placeOf } from './support/expectation.js';
import { expectListable, expectVersion } from './support/judgement.js';
import type { StepResult } from './support/runner.js';
import { expectCredentialsAtHome, expectSilence, secretsOf } from './support/secrecy.js';
import { CREATED, errorsOf, filesOf, Stage, statusesOf } from './support/stage.js';

const { published } = distributions();
const versions = byVersion(published);

describe('publishing real distributions to a registry with token sign-in', () => {
  let stage: Stage;
  let first: StepResult;
  let again: StepResult;
  let writesOfFirst: readonly string[];
  let requestsAgain: readonly string[];

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(published);
    first = await stage.publish();
    writesOfFirst = stage.recorder.writes;
    stage.recorder.requests.length = 0;
    again = await stage.publish();
    requestsAgain = stage.recorder.requests.map(({ method, path, query }) => `${method} ${path}${query}`);
  });
  afterAll(() => stage.close());

  it('succeeds, and says so of each file', () => {
    expect({ code: first.code, errors: errorsOf(first) }).toEqual({ code: 0, errors: [] });
    expect(statusesOf(first)).toEqual(Object.fromEntries(published.map(({ file }) => [file, 'published'])));
  });

  it.each(versions.map((files) => [title(files), files] as const))(
    'writes %s as the format has it, and every byte reads back',
    async (_title, files) => {
      await expectVersion(stage.reader, files, CREATED);
    },
  );

  it.each([...new Set(published.map((file) => placeOf('owner', file).repository))])(
    'leaves %s as PyOCI can list it',
    async (repository) => {
      await expectListable(stage.reader, repository);
    },
  );

  it('writes each tag once', () => {
    const tags = versions.map(([file]) => placeOf('owner', file as Facts));
    const expected = tags.map(({ repository, tag }) => `PUT /v2/${repository}/manifests/${tag}`);
    expect(writesOfFirst.filter((write) => /^PUT .*\/manifests\/(?!sha256:)/.test(write)).sort()).toEqual(
      expected.sort(),
    );
  });

  it('gives every output, one line a version', async () => {
    const indexes = versions.map(async ([file]) => {
      const { repository, tag } = placeOf('owner', file as Facts);
      const { digest } = await stage.reader.manifest(repository, tag);
      return { file: file as Facts, image: `${stage.recorder.host}/${repository}:${tag}`, digest };
    });
    const expected = await Promise.all(indexes);
    const lines = (each: (version: (typeof expected)[number]) => string) => expected.map(each).join('\n');
    expect(first.outputs).toMatchObject({
      name: lines(({ file }) => file.name),
      version: lines(({ file }) => file.version),
      image: lines(({ image }) => image),
      digest: lines(({ digest }) => digest),
      'index-url': `https://pyoci.com/${encodeURIComponent(`http://${stage.recorder.host}`)}/owner/`,
    });
    expect(filesOf(first)).toHaveLength(published.length);
  });

  it('says of each file the digest, and where its manifest is', async () => {
    expect(filesOf(first)).toHaveLength(published.length);
    for (const { file, sha256, manifest } of filesOf(first)) {
      const facts = published.find((one) => one.file === file) as Facts;
      expect(sha256).toBe(facts.sha256);
      expect(await stage.reader.manifest(placeOf('owner', facts).repository, manifest)).toMatchObject({ status: 200 });
    }
  });

  it('leaves checksums that sha256sum accepts, and everything else in a result', () => {
    const checksums = published.map(({ sha256, file }) => `${sha256}  ${file}`);
    expect((first.files.checksums ?? '').trimEnd().split('\n').sort()).toEqual(checksums.sort());
    const result = JSON.stringify(JSON.parse(first.files.result ?? ''));
    expect(published).not.toEqual([]);
    for (const { file, sha256 } of published) {
      expect(result).toContain(file);
      expect(result).toContain(sha256);
    }
  });

  it('writes a summary that names every file and how to install it', () => {
    expect(published).not.toEqual([]);
    for (const { file, name } of published) {
      // Underscores may be escaped.
      expect(first.summary.replaceAll('\\', '')).toContain(file);
      expect(first.summary).toContain(name);
    }
    expect(first.summary).toContain('pip install');
    expect(first.summary).toContain('uv');
  });

  it('asks nobody but the registry and its token service', () => {
    expect(stage.trap.caught).toEqual([]);
    expectCredentialsAtHome(stage.recorder, stage.registry);
  });

  it('shows no secret in log, summary, outputs or files', () => {
    const secrets = secretsOf(stage.registry.credentials, stage.registry.tokens.issued);
    expectSilence(first, secrets);
    expectSilence(again, secrets);
  });

  it('prints no command of a kind that it should not', () => {
    expect([first.others, again.others]).toEqual([[], []]);
  });

  it('the second time, finds all unchanged and succeeds', () => {
    expect({ code: again.code, errors: errorsOf(again) }).toEqual({ code: 0, errors: [] });
    expect(statusesOf(again)).toEqual(Object.fromEntries(published.map(({ file }) => [file, 'unchanged'])));
    expect(again.outputs.digest).toBe(first.outputs.digest);
  });

  it('the second time, writes nothing: no POST, PUT or PATCH reaches the registry', () => {
    expect(requestsAgain.length).toBeGreaterThan(0);
    expect(requestsAgain.filter((request) => !/^(GET|HEAD) /.test(request))).toEqual([]);
  });
});

/** Files that share name and version, in the order of the outputs: by name, then version. */
function byVersion(files: readonly Facts[]): readonly (readonly Facts[])[] {
  const groups = new Map<string, Facts[]>();
  for (const file of files) groups.set(title([file]), [...(groups.get(title([file])) ?? []), file]);
  return [...groups.values()].sort((a, b) => (title(a) < title(b) ? -1 : 1));
}

function title(files: readonly Facts[]): string {
  const [file] = files;
  return `${file?.name} ${file?.version}`;
}
