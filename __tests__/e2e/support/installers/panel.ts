import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { GeneratedFile } from '../../../support/hostile/file.js';
import { installers } from './environment.js';

/** What one installer said to one question about a file. */
export interface Verdict {
  readonly by: 'pip' | 'uv';
  readonly on: string;
  /** What it printed, if it refused. */
  readonly refusal?: string;
}

/** How an index lists a file: under which name, and as what it is asked for. */
export interface Listing {
  readonly served: string;
  readonly project: string;
  readonly version: string;
}

/** Processes that put questions about distributions to pip and uv, each one after the other. */
export class Panel {
  readonly #folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-panel-'));
  readonly #idle: Judge[] = [];
  readonly #waiting: ((judge: Judge) => void)[] = [];
  readonly #judges: readonly Judge[];
  #files = 0;

  constructor(count = 2) {
    const { python, uv } = installers();
    this.#judges = Array.from({ length: count }, () => new Judge(python, uv));
    this.#idle.push(...this.#judges);
  }

  /** What both installers say about bytes that are no file yet. */
  async judge({ name, bytes }: GeneratedFile, listing: Listing | undefined): Promise<readonly Verdict[]> {
    const folder = mkdtempSync(join(this.#folder, `${++this.#files}-`));
    const path = join(folder, name);
    await writeFile(path, bytes);
    try {
      return await this.judgeFile(path, listing);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async judgeFile(path: string, listing: Listing | undefined): Promise<readonly Verdict[]> {
    const judge = this.#idle.pop() ?? (await new Promise<Judge>((resolve) => this.#waiting.push(resolve)));
    try {
      return await judge.ask({ path, ...listing });
    } finally {
      const next = this.#waiting.shift();
      if (next) next(judge);
      else this.#idle.push(judge);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#judges.map((judge) => judge.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

class Judge {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor(python: string, uv: string) {
    const script = fileURLToPath(new URL('judge.py', import.meta.url));
    this.#process = spawn(python, ['-E', '-s', '-B', script, uv], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface(this.#process.stdout);
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  async ask(question: Partial<Listing> & { readonly path: string }): Promise<readonly Verdict[]> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('The process that asks pip and uv ended before it answered');
    return JSON.parse(value) as readonly Verdict[];
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    this.#lines.close();
    if (this.#process.exitCode === null) await new Promise((resolve) => this.#process.once('exit', resolve));
  }
}
