import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, run } from './measure.js';
import type { Workload } from './workloads.js';

/** One run to be measured. */
export interface Round {
  readonly workload: Workload;
  /** Host and port to be spoken to. */
  readonly registry: string;
  /** Of its own, so that nothing is there yet. */
  readonly namespace: string;
  readonly concurrency: number;
  /** Folder for this round's notes. */
  readonly scratch: string;
}

export interface Contender {
  readonly name: string;
  /** What stands in `NAMESPACE/foo` afterwards: the whole version under the tag 1.0, or the files alone. */
  readonly leaves: 'version' | 'files' | 'nothing';
  /** What it needs that is not measured; throws if it cannot take part. */
  readonly prepare: () => Promise<void>;
  readonly commands: (round: Round) => Promise<readonly Command[]>;
}

export interface Tools {
  /** Our command, as it is shipped. */
  readonly bundle: string;
  /** Host and port that takes uploads of package tools and throws them away. */
  readonly sink: string;
}

export function contenders({ bundle, sink }: Tools): readonly Contender[] {
  const present = (command: string, ...args: string[]) => ({
    prepare: async (): Promise<void> => void (await run(command, args)),
  });
  return [
    { name: 'curl', leaves: 'files', ...present('curl', '--version'), commands: curl },
    {
      name: 'ours',
      leaves: 'version',
      ...present(process.execPath, bundle, '--version'),
      commands: async (round) => [ours(bundle, round)],
    },
    {
      name: 'skopeo',
      leaves: 'version',
      ...present('skopeo', '--version'),
      commands: async (round) => skopeo(await layoutOf(bundle, round), round),
    },
    {
      name: 'crane',
      leaves: 'version',
      ...present('crane', 'version'),
      commands: async (round) => crane(await layoutOf(bundle, round), round),
    },
    {
      name: 'oras',
      leaves: 'version',
      ...present('oras', 'version'),
      commands: async (round) => oras(await layoutOf(bundle, round), round),
    },
    {
      name: 'regctl',
      leaves: 'version',
      ...present('regctl', 'version'),
      commands: async (round) => regctl(await layoutOf(bundle, round), round),
    },
    {
      name: 'uv (to a sink)',
      leaves: 'nothing',
      ...present('uv', '--version'),
      commands: async (round) => uv(sink, round),
    },
  ];
}

/** With which ours makes the same documents each time. */
const ENV = { DOCKER_CONFIG: '/nonexistent', SOURCE_DATE_EPOCH: '1767225600' };

export function ours(bundle: string, { workload, registry, namespace, concurrency }: Round): Command {
  const where = ['--registry', `http://${registry}`, '--namespace', namespace];
  const how = ['--coordination', 'off', '--concurrency', String(concurrency)];
  return { command: process.execPath, args: [bundle, ...where, ...how, ...pathsOf(workload)], env: ENV };
}

/**
 * The floor: the bytes of the files by POST and PUT, as many at once as ours, nothing hashed, nothing asked, no
 * manifests. The uploads are opened within the time; curl cannot chain the two, so that all POSTs come first.
 */
async function curl({ workload, registry, namespace, concurrency, scratch }: Round): Promise<readonly Command[]> {
  const opened = join(scratch, 'opened');
  const parallel = `--parallel --parallel-immediate --parallel-max ${concurrency}`;
  const url = `http://${registry}/v2/${namespace}/foo/blobs/uploads/`;
  const digests = join(scratch, 'digests');
  writeFileSync(digests, workload.files.map(({ path, sha256 }) => `${path} ${sha256}\n`).join(''));
  writeFileSync(join(scratch, 'posts'), postsTo(url, workload.files.length));
  const script = `set -e
curl -sS -f ${parallel} -K ${join(scratch, 'posts')} > ${opened}
paste -d' ' ${opened} ${digests} | while read -r location path digest; do
  case $location in /*) location=http://${registry}$location ;; esac
  case $location in *\\?*) location=$location\\& ;; *) location=$location\\? ;; esac
  printf 'next\\nurl = "%sdigest=sha256:%s"\\nupload-file = "%s"\\nheader = "Content-Type: application/octet-stream"\\nheader = "Expect:"\\noutput = "/dev/null"\\n' "$location" "$digest" "$path"
done | tail -n +2 > ${join(scratch, 'puts')}
curl -sS -f ${parallel} -K ${join(scratch, 'puts')}`;
  return [{ command: 'bash', args: ['-c', script] }];
}

function postsTo(url: string, count: number): string {
  const one = `url = "${url}"\nrequest = "POST"\nheader = "Content-Length: 0"\noutput = "/dev/null"\nwrite-out = "%header{location}\\n"\n`;
  return Array.from({ length: count }, () => one).join('next\n');
}

/** The same files in a folder, made by ours and not measured: what the tools for images start from. */
export async function layoutOf(bundle: string, { workload, scratch }: Round): Promise<string> {
  const folder = join(scratch, 'layout');
  mkdirSync(folder);
  await run(process.execPath, [bundle, '--oci-layout', folder, '--namespace', 'bench', ...pathsOf(workload)], ENV);
  return folder;
}

async function skopeo(layout: string, { registry, namespace }: Round): Promise<readonly Command[]> {
  const to = `docker://${registry}/${namespace}/foo:1.0`;
  const options = ['--insecure-policy', 'copy', '--all', '--preserve-digests', '--dest-tls-verify=false'];
  return [{ command: 'skopeo', args: [...options, `oci:${layout}:bench/foo:1.0`, to] }];
}

async function crane(layout: string, { registry, namespace }: Round): Promise<readonly Command[]> {
  // Without --index: of the one version in the folder, not of the folder's own index around it.
  return [{ command: 'crane', args: ['push', '--insecure', layout, `${registry}/${namespace}/foo:1.0`] }];
}

async function oras(layout: string, { registry, namespace, concurrency }: Round): Promise<readonly Command[]> {
  // The name of an index with a slash and a colon cannot stand behind the folder's: oras would cut it in the wrong place.
  const options = ['cp', '--from-oci-layout-path', layout, '--to-plain-http', '--concurrency', String(concurrency)];
  return [{ command: 'oras', args: [...options, '--no-tty', 'bench/foo:1.0', `${registry}/${namespace}/foo:1.0`] }];
}

async function regctl(layout: string, { registry, namespace, concurrency }: Round): Promise<readonly Command[]> {
  // Of the names in a layout it takes what follows the last colon for the tag.
  const host = `reg=${registry},tls=disabled,reqConcurrent=${concurrency}`;
  const to = `${registry}/${namespace}/foo:1.0`;
  return [{ command: 'regctl', args: ['image', 'copy', '--host', host, `ocidir://${layout}:1.0`, to] }];
}

/** Not the same work, but what publishing the same files to an index costs. */
async function uv(sink: string, { workload }: Round): Promise<readonly Command[]> {
  const login = ['--username', 'bench', '--password', 'bench', '--trusted-publishing', 'never'];
  const args = ['publish', '--publish-url', `http://${sink}/`, ...login, ...pathsOf(workload)];
  return [{ command: 'uv', args }];
}

function pathsOf({ files }: Workload): readonly string[] {
  return files.map(({ path }) => path);
}
