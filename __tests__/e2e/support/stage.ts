import { Reader } from './reader.js';
import { Recorder } from './recorder.js';
import { type Registry, startTokenDistribution, type TokenRegistry } from './registries.js';
import { runAction, type Step, type StepResult } from './runner.js';
import { Trap } from './trap.js';
import { Workspace } from './workspace.js';

/** 2025-06-15T15:06:40Z: the time that all documents of these tests carry. */
const EPOCH = '1750000000';
export const CREATED = '2025-06-15T15:06:40Z';

/** A registry behind a recorder, a workspace, and the action run there. */
export class Stage<R extends Registry = TokenRegistry> {
  readonly registry: R;
  readonly recorder: Recorder;
  readonly reader: Reader;
  readonly trap = new Trap();
  readonly workspace = new Workspace();

  private constructor(registry: R) {
    this.registry = registry;
    this.recorder = new Recorder(registry.host);
    this.reader = new Reader(registry);
  }

  /** On distribution with token sign-in. */
  static open(): Promise<Stage> {
    return Stage.on(startTokenDistribution);
  }

  static async on<R extends Registry>(start: () => Promise<R>): Promise<Stage<R>> {
    const stage = new Stage(await start());
    await stage.recorder.start();
    await stage.trap.start();
    return stage;
  }

  async close(): Promise<void> {
    await this.recorder.stop();
    await this.trap.stop();
    await this.registry.stop();
    this.workspace.remove();
  }

  /** The step that publishes what the workspace holds. The namespace is `owner`, out of the job's own context. */
  publish(inputs: Step['inputs'] = {}, step: Omit<Partial<Step>, 'inputs'> = {}): Promise<StepResult> {
    return runAction({
      workspace: this.workspace.path,
      ...step,
      inputs: { registry: this.recorder.host, ...this.registry.credentials, ...inputs },
      env: { SOURCE_DATE_EPOCH: EPOCH, ...this.trap.env, ...step.env },
    });
  }
}

export interface FileResult {
  readonly file: string;
  readonly sha256: string;
  readonly manifest: string;
  readonly status: string;
}

/** The `files` output. */
export function filesOf(result: StepResult): readonly FileResult[] {
  return JSON.parse(result.outputs.files ?? '[]') as FileResult[];
}

/** Status by file name. */
export function statusesOf(result: StepResult): Readonly<Record<string, string>> {
  return Object.fromEntries(filesOf(result).map(({ file, status }) => [file, status]));
}

/** The message of each error annotation. */
export function errorsOf(result: StepResult): readonly string[] {
  return result.annotations.filter(({ kind }) => kind === 'error').map(({ message }) => message);
}
