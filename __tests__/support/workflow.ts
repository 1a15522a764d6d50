import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A workflow file, as much of it as tests look at. */
export interface Workflow {
  readonly on: unknown;
  readonly permissions?: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

export type Permissions = string | Readonly<Record<string, string>>;
export type Inputs = Readonly<Record<string, string | number | boolean>>;

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Permissions;
  readonly strategy?: { readonly matrix?: Matrix };
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
  /** The reusable workflow it calls, instead of steps. */
  readonly uses?: string;
  readonly with?: Inputs;
  readonly secrets?: Readonly<Record<string, string>> | 'inherit';
}

export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Inputs;
}

/** Lists of values by name, and `include`, a list of legs: either, never both here. */
export type Matrix = Readonly<Record<string, readonly (string | Readonly<Record<string, string>>)[]>>;

/** Reusable workflows declare these. */
export interface Called {
  readonly inputs: Readonly<
    Record<
      string,
      { readonly type: string; readonly default?: string | number | boolean; readonly description: string }
    >
  >;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
}

export const ACTION = 'OWNER/pyoci-publish@v1';
export const REUSABLE = 'OWNER/pyoci-publish/.github/workflows/publish.yml@v1';

export function readWorkflow(path: string): Workflow {
  return parse(readFileSync(path, 'utf8')) as Workflow;
}

/** The paths of the workflows in a folder. */
export function workflowsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** What `.github/workflows/publish.yml` takes and gives. */
export function calledWorkflow(): Called & Workflow {
  const workflow = readWorkflow('.github/workflows/publish.yml');
  return { ...workflow, ...(workflow.on as { readonly workflow_call: Called }).workflow_call };
}

/** Every mapping in a document that `uses` what the test takes: steps and jobs, however deep. */
export function usesIn(document: unknown, test: (uses: string) => boolean): readonly (Job & Step)[] {
  if (typeof document !== 'object' || document === null) return [];
  const own = 'uses' in document && typeof document.uses === 'string' && test(document.uses) ? [document as Job] : [];
  return [...own, ...Object.values(document).flatMap((value) => usesIn(value, test))] as readonly (Job & Step)[];
}

/** Our own action, by the name that users write and by the folder that our own workflows have it in. */
export function isOurAction(uses: string): boolean {
  return uses === ACTION || uses === './' || uses === './.pyoci-publish';
}
