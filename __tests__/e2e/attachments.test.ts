import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { aBundle, aCycloneDx, anAttestation, anSpdx, subjectOf } from '../support/attachments.js';
import { aWheel } from '../support/builders.js';
import { install } from './support/clients/clients.js';
import { publicWheels } from './support/clients/environments.js';
import { startServe } from './support/clients/served.js';
import { UsualIndex } from './support/clients/usual-index.js';
import { runCommand } from './support/command.js';
import { CACHE, PACKAGES, REFERRERS, SETTLE, withMatrix } from './support/coordination.js';
import { publishedFiles } from './support/installers/published.js';
import { Reader } from './support/reader.js';
import { type Registry, startCrane, startOpenDistribution } from './support/registries.js';
import type { StepResult } from './support/runner.js';
import { errorsOf, Stage, statusesOf } from './support/stage.js';

/** `ATTACHMENT_ROUNDS=20 npm run e2e -- /attachments` is the long race. */
const ROUNDS = Number(process.env.ATTACHMENT_ROUNDS || 1);
/** Publishers of files in a race, and as many that only attach. */
const PAIRS = 8;
const SETTINGS = { coordination: 'off', namespace: 'owner' };

const CFFI = 'cffi-1.16.0';
const ATTRS = 'attrs-25.3.0';

interface Named {
  readonly file: string;
  readonly status: string;
}

/** Status by name, of attachments. */
function attachedBy(result: StepResult): Readonly<Record<string, string>> {
  const list = JSON.parse(result.outputs.attachments ?? '[]') as readonly Named[];
  return Object.fromEntries(list.map(({ file, status }) => [file, status]));
}

/** Real files of a project in `dist` of a workspace, an attestation beside each; and what is about all of them. */
function fill(workspace: string, release: string, signature = 'c2lnbmVk'): readonly string[] {
  const dist = join(workspace, 'dist');
  const build = join(workspace, 'build');
  for (const folder of [dist, build]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
  const files = publishedFiles().filter(
    (path) => basename(path).startsWith(`${release}-`) || basename(path) === `${release}.tar.gz`,
  );
  const subjects = files.map((path) => subjectOf(basename(path), readFileSync(path)));
  for (const [at, path] of files.entries()) {
    const name = basename(path);
    writeFileSync(join(dist, name), readFileSync(path));
    const subject = subjects[at];
    if (subject)
      writeFileSync(join(dist, `${name}.publish.attestation`), JSON.stringify(anAttestation([subject], signature)));
  }
  writeFileSync(join(build, 'attestation.json'), JSON.stringify(aBundle(subjects, signature)));
  writeFileSync(
    join(build, 'Stückliste der Software.json'),
    JSON.stringify(aCycloneDx(`urn:uuid:${release}${signature}`)),
  );
  writeFileSync(join(build, 'sbom.spdx.json'), JSON.stringify(anSpdx(`${release}${signature}`)));
  return files.map((path) => basename(path));
}

const ATTACH = {
  attach: ['attestation=build/attestation.json', 'sbom=build/St*.json', 'sbom=build/sbom.spdx.json'].join('\n'),
};

/** Every file below a workspace that is published or attached, by name. */
function originals(workspace: string): ReadonlyMap<string, Buffer> {
  const paths = ['dist', 'build'].flatMap((folder) =>
    readdirSync(join(workspace, folder)).map((name) => join(workspace, folder, name)),
  );
  return new Map(paths.map((path) => [basename(path), readFileSync(path)]));
}

function expectAll(folder: string, expected: ReadonlyMap<string, Buffer>): void {
  const found = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, bytes] of expected)
    expect({ name, equal: found.get(name)?.equals(bytes) }).toEqual({ name, equal: true });
}

const REGISTRIES: readonly (readonly [string, () => Promise<Registry>])[] = [
  ['docker-registry', startOpenDistribution],
  ["crane's registry", startCrane],
];

describe.each(REGISTRIES)('real files with attachments on %s', (_, start) => {
  let stage: Stage<Registry>;
  let home: string;
  beforeAll(async () => {
    stage = await Stage.on(start);
    home = mkdtempSync(join(tmpdir(), 'pyoci-publish-attachments-'));
  });
  afterAll(async () => {
    await stage.close();
    rmSync(home, { recursive: true, force: true });
  });
  const publish = (inputs: Readonly<Record<string, string>> = {}) =>
    stage.publish({ ...SETTINGS, ...ATTACH, ...inputs });

  it('are published in one run, unchanged in the next, and kept where they were signed anew', async () => {
    const names = fill(stage.workspace.path, CFFI);
    expect(names.filter((name) => name.endsWith('.whl'))).toHaveLength(3);
    const first = await publish();
    expect([first.code, errorsOf(first)]).toEqual([0, []]);
    expect(Object.values(statusesOf(first))).toEqual(Array(4).fill('published'));
    expect(Object.values(attachedBy(first))).toEqual(Array(7).fill('published'));
    expect(first.summary).toContain('| Attachment | Type | Of | Size | Status |');
    expect(await stage.reader.tags('owner/cffi')).toEqual(['1.16.0']);

    stage.recorder.reset();
    const again = await publish();
    expect(Object.values(attachedBy(again))).toEqual(Array(7).fill('unchanged'));
    fill(stage.workspace.path, CFFI, 'c2lnbmVkIGFuZXc=');
    const anew = await publish();
    expect([anew.code, Object.values(attachedBy(anew))]).toEqual([0, Array(7).fill('kept')]);
    expect(stage.recorder.writes).toEqual([]);
    fill(stage.workspace.path, CFFI);
  });

  it.each(['skopeo', 'crane', 'oras'] as const)(
    'are copied by %s, and pulled from there byte for byte',
    async (tool) => {
      fill(stage.workspace.path, CFFI);
      await publish();
      const target = await startOpenDistribution();
      try {
        const [from, to] = [stage.registry.host, target.host].map((host) => `${host}/owner/cffi:1.16.0`) as [
          string,
          string,
        ];
        copy(tool, from, to);
        const reader = new Reader(target);
        expect(await reader.tags('owner/cffi')).toEqual(['1.16.0']);
        const [theirs, ours] = [
          await reader.manifest('owner/cffi', '1.16.0'),
          await stage.reader.manifest('owner/cffi', '1.16.0'),
        ];
        expect(theirs.bytes.equals(ours.bytes)).toBe(true);
        const folder = join(home, tool);
        const pulled = await runCommand(['pull', '--attachments', '-d', folder, `http://${to}`]);
        expect(pulled).toMatchObject({ code: 0 });
        expectAll(folder, originals(stage.workspace.path));
      } finally {
        await target.stop();
      }
    },
  );

  it('let a wheel be replaced: what is attached to it is hidden, until it has something new', async () => {
    fill(stage.workspace.path, ATTRS);
    await publish();
    const wheel = `${ATTRS}-py3-none-any.whl`;
    const path = join(stage.workspace.path, 'dist', wheel);
    const other = aWheel({ name: 'attrs', version: '25.3.0', headers: ['Requires-Python: >=3.8'] });
    writeFileSync(path, other);
    rmSync(`${path}.publish.attestation`);
    const replaced = await publish({ 'if-exists': 'replace', attach: '' });
    expect([errorsOf(replaced), statusesOf(replaced)[wheel]]).toEqual([[], 'replaced']);
    const shown = async () => (await runCommand(['show', `http://${stage.registry.host}/owner/attrs`])).stdout;
    const attested = (text: string) => text.match(/attestation \S+\.publish\.attestation/g);
    expect(attested(await shown())).toEqual([`attestation ${ATTRS}.tar.gz.publish.attestation`]);
    writeFileSync(`${path}.publish.attestation`, JSON.stringify(anAttestation([subjectOf(wheel, other)])));
    expect(attachedBy(await publish({ attach: '' }))[`${wheel}.publish.attestation`]).toBe('published');
    expect(attested(await shown())).toEqual([
      `attestation ${wheel}.publish.attestation`,
      `attestation ${ATTRS}.tar.gz.publish.attestation`,
    ]);
  });
});

function copy(tool: 'skopeo' | 'crane' | 'oras', from: string, to: string): void {
  const lines = {
    skopeo: [
      'copy',
      '--all',
      '--src-tls-verify=false',
      '--dest-tls-verify=false',
      `docker://${from}`,
      `docker://${to}`,
    ],
    crane: ['copy', '--insecure', from, to],
    oras: ['cp', '--from-plain-http', '--to-plain-http', from, to],
  };
  execFileSync(tool, lines[tool], { stdio: 'pipe' });
}

describe('a layout folder', () => {
  it('holds files and attachments, from which skopeo brings them into a registry', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pyoci-publish-attachments-'));
    const registry = await startOpenDistribution();
    try {
      fill(home, CFFI);
      const dist = readdirSync(join(home, 'dist')).map((name) => join(home, 'dist', name));
      const named = ['attestation=attestation.json', 'sbom=Stückliste der Software.json', 'sbom=sbom.spdx.json'];
      const attach = named.flatMap((line) => ['--attach', line.replace('=', `=${join(home, 'build')}/`)]);
      const oci = join(home, 'oci');
      const args = ['--json', '--oci-layout', oci, '--namespace', 'owner', ...attach, ...dist];
      for (const status of ['published', 'unchanged']) {
        const { code, stdout } = await runCommand(args);
        const [version] = (JSON.parse(stdout) as { versions: readonly { attachments: readonly Named[] }[] }).versions;
        expect([code, version?.attachments.map((one) => one.status)]).toEqual([0, Array(7).fill(status)]);
      }
      const to = `${registry.host}/owner/cffi:1.16.0`;
      execFileSync(
        'skopeo',
        ['copy', '--all', '--dest-tls-verify=false', `oci:${oci}:owner/cffi:1.16.0`, `docker://${to}`],
        {
          stdio: 'pipe',
        },
      );
      const folder = join(home, 'back');
      expect(await runCommand(['pull', '--attachments', '-d', folder, `http://${to}`])).toMatchObject({ code: 0 });
      expectAll(folder, originals(home));
    } finally {
      await registry.stop();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe('installers', () => {
  it.each(['pip', 'uv pip', 'uv project', 'Poetry', 'PDM'])(
    '%s sees files alone, through the index',
    async (client) => {
      const stage = await Stage.on(startOpenDistribution);
      const usual = await new UsualIndex(publicWheels()).start();
      try {
        fill(stage.workspace.path, ATTRS);
        expect((await stage.publish({ ...SETTINGS, ...ATTACH })).code).toBe(0);
        const place = ['--registry', `http://${stage.registry.host}`, '--namespace', 'owner', '--packages', 'attrs'];
        const served = await startServe([...place, '--fallback', usual.url]);
        try {
          const authorization = `Basic ${Buffer.from(`x:${new URL(served.indexUrl).password}`).toString('base64')}`;
          const page = await (await fetch(`${served.url}attrs/`, { headers: { authorization } })).text();
          expect(page.match(/<a /g)).toHaveLength(2);
          expect(page).not.toMatch(/attestation|cdx|spdx|sigstore/);
          const { code, projects, output } = await install(client, 'attrs', served, usual.url);
          if (code !== 0) throw new Error(output);
          expect(projects).toEqual([ATTRS]);
        } finally {
          await served.stop();
        }
      } finally {
        await usual.stop();
        await stage.close();
      }
    },
  );
});

describe.each([SETTLE, REFERRERS, PACKAGES, CACHE])(
  'publishers that attach beside those that publish, by $name',
  (mode) => {
    it(
      'lose neither files nor attachments',
      () =>
        withMatrix(
          mode,
          async (matrix, setting) => {
            let lost = 0;
            for (let round = 0; round < ROUNDS; round += 1) {
              const version = `1.${round}`;
              const publishers = matrix.legsOf(version).slice(0, PAIRS);
              const attachers = publishers.map((leg) => matrix.attacherOf(leg, version));
              const attaching = { ...setting, inputs: { ...setting.inputs, files: 'dist/*.attestation' } };
              const opened = matrix.proxy.barrier(2 * PAIRS);
              const results = await Promise.all([
                ...publishers.map((leg) => matrix.run(leg, setting)),
                ...attachers.map((leg) => matrix.run(leg, attaching)),
              ]);
              await opened;
              expect(results.flatMap(errorsOf)).toEqual([]);
              expect(results.map(({ code }) => code)).toEqual(Array(2 * PAIRS).fill(0));
              const standing = await matrix.standing(version);
              const missing = [...publishers, ...attachers].filter(
                ({ architecture }) => !standing.includes(architecture),
              );
              lost += missing.length;
              expect(standing.slice(0, PAIRS).filter((architecture) => architecture.startsWith('-'))).toEqual([]);
              expect(standing).toHaveLength(2 * PAIRS);
            }
            process.stdout.write(`${mode.name}: ${ROUNDS} rounds of ${PAIRS} beside ${PAIRS}, ${lost} lost\n`);
            expect(lost).toBe(0);
          },
          2 * PAIRS,
        ),
      ROUNDS * 120_000,
    );
  },
);
