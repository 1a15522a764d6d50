import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, hexOf } from '../../../src/core/digest.js';
import { anAttestation } from '../../support/attachments.js';
import { aWheel, wheelName } from '../../support/builders.js';
import { audit } from './audit.js';
import { Reader } from './reader.js';
import type { Registry } from './registries.js';
import { runAction, type StepResult } from './runner.js';
import { UnrulyProxy } from './unruly-proxy.js';

const REPOSITORY = 'owner/demo';
const VERSION = /^\d+\.\d+$/;

export interface Leg {
  readonly index: number;
  readonly architecture: string;
  readonly workspace: string;
}

export interface Setting {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** What came of one round: legs that said they succeeded, and which of their files the tag does not hold. */
export interface Round {
  readonly codes: readonly (number | null)[];
  readonly lost: readonly string[];
  readonly warned: boolean;
  /** Of the legs that failed. */
  readonly errors: readonly string[];
  /** What the logs say of how this version was protected, each sentence once. */
  readonly protections: readonly string[];
  /** From the start of the race to the end of each process, in milliseconds. */
  readonly times: readonly number[];
  readonly tagWrites: number;
}

/** Processes of the shipped bundle that publish one version each round, each its own wheel of it. */
export class Matrix {
  readonly proxy: UnrulyProxy;
  readonly registry: Registry;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-matrix-'));
  readonly #size: number;

  constructor(registry: Registry, size: number) {
    this.registry = registry;
    this.#size = size;
    this.proxy = new UnrulyProxy(registry.host);
  }

  async close(): Promise<void> {
    await this.proxy.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  legsOf(version: string): readonly Leg[] {
    return Array.from({ length: this.#size }, (_leg, index) => {
      const tag = `cp3${index}-cp3${index}-any`;
      const workspace = join(this.#folder, version, String(index));
      mkdirSync(join(workspace, 'dist'), { recursive: true });
      const options = { name: 'demo', version, tag };
      writeFileSync(join(workspace, 'dist', wheelName(options)), aWheel(options));
      return { index, workspace, architecture: `${tag}.whl` };
    });
  }

  run(leg: Leg, setting: Setting, started?: (child: ChildProcess) => void): Promise<StepResult> {
    const { credentials } = this.registry;
    return runAction({
      workspace: leg.workspace,
      inputs: { registry: this.proxy.host, namespace: 'owner', summary: 'false', ...credentials, ...setting.inputs },
      env: setting.env,
      strategy: { 'job-index': leg.index, 'job-total': this.#size },
      ...(started && { started }),
    });
  }

  /** A leg that only attaches an attestation to the file of another one. */
  attacherOf(leg: Leg, version: string): Leg {
    const name = `demo-${version}-${leg.architecture}`;
    const sha256 = hexOf(digestOf(readFileSync(join(leg.workspace, 'dist', name))));
    const index = this.#size / 2 + leg.index;
    const workspace = join(this.#folder, version, `attaching-${index}`);
    mkdirSync(join(workspace, 'dist'), { recursive: true });
    const attestation = JSON.stringify(anAttestation([{ name, sha256 }]));
    writeFileSync(join(workspace, 'dist', `${name}.publish.attestation`), attestation);
    return { index, workspace, architecture: `-${leg.architecture}.publish.attestation` };
  }

  /** All legs of one version at once, from one start. */
  async race(version: string, setting: Setting): Promise<Round> {
    const legs = this.legsOf(version);
    const writes = this.proxy.tagWrites.length;
    let began = Number.NaN;
    const opened = this.proxy.barrier(legs.length).then(() => {
      began = performance.now();
    });
    const results = await Promise.all(
      legs.map(async (leg) => {
        const result = await this.run(leg, setting);
        return { leg, result, time: performance.now() - began };
      }),
    );
    await opened;
    const standing = await this.standing(version);
    const promised = results.filter(({ result }) => result.code === 0).map(({ leg }) => leg.architecture);
    return {
      codes: results.map(({ result }) => result.code),
      lost: promised.filter((architecture) => !standing.includes(architecture)),
      warned: results.some(({ result }) => result.raw.includes('::warning')),
      errors: results.flatMap(({ result }) => result.raw.split('\n').filter((line) => line.startsWith('::error'))),
      protections: [...new Set(results.flatMap(({ result }) => protectionIn(result.raw)))],
      times: results.map(({ time }) => time),
      tagWrites: this.proxy.tagWrites.length - writes,
    };
  }

  /** Architectures in the tag. */
  async standing(version: string): Promise<readonly string[]> {
    const { bytes } = await new Reader(this.registry).manifest(REPOSITORY, version);
    const index = JSON.parse(bytes.toString('utf8')) as {
      readonly manifests: readonly { readonly platform: { readonly architecture: string } }[];
    };
    return index.manifests.map(({ platform }) => platform.architecture);
  }

  /** What is wrong in all the repositories that any leg ever asked for: broken references, foreign tags, foreign documents. */
  async problems(): Promise<readonly string[]> {
    const reader = new Reader(this.registry);
    const problems: string[] = [];
    for (const repository of this.proxy.repositories) {
      const foreign = (await reader.tags(repository)).filter((tag) => !VERSION.test(tag));
      problems.push(...foreign.map((tag) => `${repository} has the tag ${tag}`));
      problems.push(...(await audit(reader, repository)).problems);
    }
    return problems;
  }
}

function protectionIn(log: string): readonly string[] {
  return log.split('\n').filter((line) => /protected by|agree through/.test(line));
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
