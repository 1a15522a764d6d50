import { readFileSync } from 'node:fs';
import { type Play, type Played, play } from './support/act/act.js';
import { DIFFERENCES } from './support/act/differences.js';
import { Project } from './support/act/project.js';
import { printed, type Row } from './support/act/table.js';
import { GitHubStage } from './support/github-stage.js';
import { readIndex } from './support/judgement.js';
import { Reader } from './support/reader.js';

const PLATFORMS = [
  'macosx_11_0_arm64',
  'macosx_11_0_x86_64',
  'manylinux_2_17_aarch64',
  'manylinux_2_17_x86_64',
  'musllinux_1_2_x86_64',
  'win_amd64',
];
const wheels = PLATFORMS.map((platform) => `cp312-cp312-${platform}.whl`);
const fixture = (name: string): string => readFileSync(new URL(`workflows/${name}`, import.meta.url), 'utf8');

describe('workflows that use the action, played by act:', () => {
  let stage: GitHubStage;
  const rows: Row[] = [];
  const projects: Project[] = [];
  const run = async (name: string, version: string, more: Partial<Play> = {}): Promise<Played> => {
    const project = projects.find((one) => one.version === version) ?? Project.pure(version);
    if (!projects.includes(project)) projects.push(project);
    const workflow = fixture(`${name}.yml`);
    const result = await play({ stage, workflow, event: 'push', project: project.path, ...more });
    rows.push({ name, result });
    return result;
  };
  const succeeded = ({ code, raw }: Played): void => {
    if (code !== 0) throw new Error(`The workflow failed\n${raw}`);
  };
  const listed = async (version: string, repository = 'owner/hello_pyoci'): Promise<readonly string[]> => {
    const { manifests } = await readIndex(new Reader(stage.registry), repository, version);
    return manifests.map(({ platform }) => platform?.architecture ?? '').sort();
  };

  beforeAll(async () => {
    stage = await GitHubStage.open();
  });
  afterAll(async () => {
    for (const project of projects) project.remove();
    await stage.close();
    printed(rows);
  });

  it('six legs publish one version at once, and none loses its wheel', async () => {
    const played = await run('six-legs', '1.0');
    succeeded(played);
    expect(await listed('1.0')).toEqual(wheels);
    expect(played.log).toContain('all of them');
  });

  it('a leg that fails leaves the others published, and completes the version when it alone runs again', async () => {
    const [arm, intel, windows] = ['macosx_11_0_arm64', 'macosx_11_0_x86_64', 'win_amd64'] as const;
    const only = [arm, intel, windows].map((platform) => `platform:${platform}`);
    const failed = await run('six-legs', '2.0', { env: { BROKEN: windows }, only });
    expect(failed.code).toBe(1);
    const broken = failed.steps.filter(({ result }) => result === 'failure');
    expect(broken.map(({ leg }) => leg)).toEqual([{ platform: windows }]);
    expect(failed.log).not.toContain('all of them');
    const built = [arm, intel, windows].map((platform) => `cp312-cp312-${platform}.whl`);
    expect(await listed('2.0')).toEqual(built.slice(0, -1));
    succeeded(await run('six-legs', '2.0', { only: only.slice(-1) }));
    expect(await listed('2.0')).toEqual(built);
  });

  it('every output says what later steps and jobs take it for', async () => {
    const played = await run('outputs', '3.0');
    succeeded(played);
    expect(played.log).toMatch(new RegExp(`announced ${stage.github.host}/owner/hello_pyoci:3.0@sha256:[0-9a-f]{64}`));
  });

  it("a company's own action uses ours twice", async () => {
    const { username, password } = stage.elsewhere;
    const release = fixture('company-release/action.yml').replace('registry.example.com', stage.foreign.host);
    const company = projects[projects.push(Project.action(release)) - 1]?.path ?? '';
    const played = await run('composite', '4.0', {
      vars: { REGISTRY_USER: username },
      secrets: { REGISTRY_PASSWORD: password },
      repositories: { 'company/release@v3': company },
    });
    succeeded(played);
    expect(played.log).toContain(`first ${stage.github.host}/owner/hello_pyoci:4.0`);
    expect(played.log).toContain(`second ${stage.foreign.host}/team/python/hello_pyoci:4.0`);
    const both = ['.tar.gz', 'py3-none-any.whl'];
    expect([await listed('4.0'), await listed('4.0', 'team/python/hello_pyoci')]).toEqual([both, both]);
    const headings = new Set(played.summaries.map((text) => text.split('\n', 1)[0]));
    expect(headings.size).toBe(2);
  });

  it('what one job published, the next one installs through the index action', async () => {
    const played = await run('install', '6.0', { env: { PIP_FIND_LINKS: '' } });
    succeeded(played);
    expect(played.log).toMatch(/Successfully installed .*hello-pyoci-6\.0.*six-/);
    expect(played.log).toMatch(/names only: .*PATH/);
    expect(played.log).toMatch(/port \d+, owned http:\/\/127\.0\.0\.1:\d+\/127\.0\.0\.1:\d+\/owner\/owned\//);
    const [summary] = played.summaries.filter((text) => text.includes('## Package index'));
    expect(summary).toMatch(/\| hello-pyoci \| 1 \|/);
    expect(summary).toMatch(/other names were left to the usual index.*`six`/s);
    // Out of the log of the server, which the last step of the job shows.
    expect(played.log).toMatch(/^302 .*\/simple\/six\/$/m);
  });

  it('a scheduled dry run writes nothing, and says what would be published', async () => {
    const pushes = stage.github.pushes.length;
    const played = await run('nightly', '5.0', { event: 'schedule' });
    succeeded(played);
    expect(stage.github.pushes).toHaveLength(pushes);
    expect(JSON.parse(played.outputs.files?.[0] ?? '')).toEqual([
      expect.objectContaining({ status: 'planned' }),
      expect.objectContaining({ status: 'planned' }),
    ]);
  });

  it('what act leaves empty is what the list of differences says', async () => {
    const names = Object.keys(DIFFERENCES).filter((name) =>
      DIFFERENCES[name as keyof typeof DIFFERENCES].includes('empty'),
    );
    const empty = names.flatMap((name) => name.split(', ')).filter((name) => name.includes('.'));
    const workflow = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy: { matrix: { leg: [one, two] } }\n    steps:\n${empty
      .map((name) => `      - run: echo "${name} is <\${{ ${name} }}>"\n`)
      .join('')}`;
    const played = await run('nightly', '5.0', { workflow });
    succeeded(played);
    expect(empty.length).toBeGreaterThan(4);
    for (const name of empty) expect(played.log).toContain(`${name} is <>`);
  });
});
