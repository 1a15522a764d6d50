import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What one reader of Python's made of a file. Members that it does not read are left out. */
export interface PythonReading {
  readonly by: string;
  readonly error?: string;
  /** Name and Version as the metadata has them, without blanks around. */
  readonly name?: string;
  readonly version?: string;
  /** The name in normal form, and the version in packaging's. */
  readonly project?: string;
  readonly normal?: string;
  readonly urls?: readonly (readonly [string, string])[];
  readonly labels?: readonly (readonly [string, string])[];
}

export interface PythonRequest {
  readonly name: string;
  readonly bytes: Buffer;
  /** What our reader found, if it accepted the file: the version in the name of the file, and the name on PyOCI's page. */
  readonly accepted?: { readonly spelled: string; readonly served: string };
}

/** One Python process that answers question after question. */
export class PythonReader {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor() {
    const script = fileURLToPath(new URL('python_reader.py', import.meta.url));
    this.#process = spawn('python3', ['-I', script], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface(this.#process.stdout);
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** One reading by each of Python's readers. Questions must not overlap. */
  async read({ name, bytes, accepted }: PythonRequest): Promise<readonly PythonReading[]> {
    this.#process.stdin.write(`${JSON.stringify({ name, data: bytes.toString('base64'), ...accepted })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('python3 ended before it answered');
    return JSON.parse(value) as readonly PythonReading[];
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    this.#lines.close();
    if (this.#process.exitCode === null) await new Promise((resolve) => this.#process.once('exit', resolve));
  }
}
