import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anSdist, aWheel, sdistName, wheelName } from '../../support/builders.js';
import type { Step } from '../../support/workflow.js';
import type { GitHubStage } from './github-stage.js';

/** What a step of somebody else leaves behind. */
export interface Left {
  readonly outputs?: Readonly<Record<string, string>>;
  /** For all steps after it. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Scene {
  readonly stage: GitHubStage;
  readonly workspace: string;
  readonly version: string;
}

type StandIn = readonly [step: RegExp, leave: (scene: Scene) => Left];

const NOTHING = (): Left => ({});

/** Steps by what they use or run, the first that matches. Builds make real, small distributions; act runs them in truth. */
const STAND_INS: readonly StandIn[] = [
  [/^actions\/checkout@/, NOTHING],
  [/^azure\/login@/, NOTHING],
  [/^az acr login/, ({ stage }) => ({ env: stage.signIn(stage.foreign.host) })],
  [/^aws-actions\/configure-aws-credentials@/, NOTHING],
  [
    /^aws-actions\/amazon-ecr-login@/,
    ({ stage }) => ({
      outputs: { registry: stage.basic.host },
      env: stage.signIn(stage.basic.host, stage.basic.credentials),
    }),
  ],
  [/^aws ecr describe-repositories/, NOTHING],
  [/^google-github-actions\/auth@/, ({ stage }) => ({ outputs: { access_token: stage.elsewhere.password } })],
  [/auditwheel repair --wheel-dir dist/, (scene) => built(scene, [wheel(scene)])],
  [/^pipx run --spec build pyproject-build$/, (scene) => built(scene, [wheel(scene), sdist(scene)])],
];

/** @throws Error for a step that nothing stands in for: say here what it leaves */
export function standInFor({ uses, run }: Step, scene: Scene): Left {
  const what = uses ?? (run ?? '').trim();
  const found = STAND_INS.find(([pattern]) => pattern.test(what));
  if (!found) throw new Error(`Cannot rehearse the step "${what}": nothing stands in for it`);
  return found[1](scene);
}

type Built = readonly [file: string, bytes: Buffer];

function wheel({ version }: Scene): Built {
  const options = { name: 'hello-pyoci', version, tag: 'py3-none-any' };
  return [wheelName(options), aWheel(options)];
}

function sdist({ version }: Scene): Built {
  const options = { name: 'hello-pyoci', version };
  return [sdistName(options), anSdist(options)];
}

function built({ workspace }: Scene, files: readonly Built[]): Left {
  mkdirSync(join(workspace, 'dist'), { recursive: true });
  for (const [file, bytes] of files) writeFileSync(join(workspace, 'dist', file), bytes);
  return {};
}
