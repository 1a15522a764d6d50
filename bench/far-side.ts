import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../__tests__/e2e/support/server.js';
import type { Link } from './link.js';

/** What all contenders speak to, each part a process of its own. */
export interface FarSide {
  /** Host and port of the registry, straight. */
  readonly registry: string;
  /** The same, as far away as half the delay each way. */
  readonly distant: (milliseconds: number) => Promise<Distant>;
  /** Requests since the last call, by kind. */
  readonly requests: () => Readonly<Record<string, number>>;
  /** Forgets everything stored. */
  readonly wipe: () => void;
  readonly sink: string;
  readonly stop: () => Promise<void>;
}

export interface Distant {
  readonly host: string;
  /** Bytes towards the registry since the last call. */
  readonly sent: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/**
 * `distribution` is Debian's docker-registry (2.8), `distribution-3` what
 * `go install github.com/distribution/distribution/v3/cmd/registry@latest` brings, `crane` the registry of
 * go-containerregistry; all keep blobs as files.
 */
export const REGISTRIES = ['distribution', 'distribution-3', 'crane'] as const;
export type RegistryKind = (typeof REGISTRIES)[number];

/** A registry with files in `folder`, and a sink for package tools. @param link between us and the registry */
export async function startFarSide(folder: string, kind: RegistryKind, link?: Link): Promise<FarSide> {
  const root = join(folder, 'registry');
  const log = join(folder, 'access.log');
  const port = await freePort();
  mkdirSync(root, { recursive: true });
  const host = link?.host ?? '127.0.0.1';
  const command = commandOf(kind, folder, root, `${host}:${port}`);
  const registry = await started(...(link?.there(...command) ?? command), log, `${host}:${port}`);
  const sinkPort = await freePort();
  const sink = await started(
    process.execPath,
    [program('upload-sink.js'), String(sinkPort)],
    undefined,
    `127.0.0.1:${sinkPort}`,
  );
  let seen = 0;
  return {
    registry: `${host}:${port}`,
    sink: `127.0.0.1:${sinkPort}`,
    requests: () => {
      const text = readFileSync(log, 'utf8');
      const fresh = text.slice(seen);
      seen = text.length;
      return kindsIn(fresh);
    },
    wipe: () => {
      for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true, force: true });
    },
    distant: async (milliseconds) => {
      const far = await freePort();
      const line = await started(
        process.execPath,
        [program('delay-line.js'), String(far), host, String(port), String(milliseconds / 2)],
        undefined,
        `127.0.0.1:${far}`,
      );
      return {
        host: `127.0.0.1:${far}`,
        sent: async () => {
          line.send('sent');
          const [bytes] = await once(line, 'message');
          return Number(bytes);
        },
        stop: () => ended(line),
      };
    },
    stop: async () => {
      await Promise.all([ended(registry), ended(sink)]);
    },
  };
}

function commandOf(kind: RegistryKind, folder: string, root: string, addr: string): [string, readonly string[]] {
  if (kind === 'crane') return ['crane', ['registry', 'serve', '--address', addr, '--disk', root]];
  const config = join(folder, 'registry.json');
  // JSON is YAML.
  const settings = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: root, maxthreads: 100 } },
    http: { addr, secret: 'of uploads' },
  };
  writeFileSync(config, JSON.stringify(settings));
  return [kind === 'distribution-3' ? 'registry' : 'docker-registry', ['serve', config]];
}

function program(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

async function started(command: string, args: readonly string[], log: string | undefined, address: string) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', ...(log ? [] : (['ipc'] as const))] });
  const notes = log === undefined ? undefined : createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) {
    if (notes) stream?.pipe(notes, { end: false });
    else stream?.resume();
  }
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`http://${address}/v2/`).catch(() => undefined);
    if (answer) {
      await answer.arrayBuffer();
      return child;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot start ${command}: nothing answers at ${address}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill();
  await end;
}

/** The registry's access log: both kinds write method and path of each request. */
function kindsIn(text: string): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const [, method = '', path = ''] of text.matchAll(/\b([A-Z]{3,6}) (\/v2\/\S*)/g)) {
    if (path === '/v2/') continue;
    const what = /\/(tags|manifests|blobs\/uploads|blobs)\//.exec(path)?.[1] ?? 'other';
    const kind = `${method} ${what}`;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}
