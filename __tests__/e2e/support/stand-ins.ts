import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anSdist, aWheel, sdistName, wheelName } from '../../support/builders.js';
import type { Leg, Step } from '../../support/workflow.js';
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
  readonly leg: Leg;
  readonly version: string;
}

type StandIn = readonly [step: RegExp, leave: (scene: Scene) => Left];

const NOTHING = (): Left => ({});

/** Steps by what they use or run, the first that matches. Builds make real, small distributions. */
const STAND_INS: readonly StandIn[] = [
  [/^actions\/checkout@/, NOTHING],
  [/^astral-sh\/setup-uv@/, NOTHING],
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
  [/cibuildwheel --output-dir dist$/, (scene) => built(scene, wheel(scene))],
  [/^pipx run build --sdist$/, (scene) => built(scene, sdist(scene))],
  [/^PyO3\/maturin-action@v1 sdist/, (scene) => built(scene, sdist(scene))],
  [/^PyO3\/maturin-action@v1/, (scene) => built(scene, wheel(scene))],
  [/auditwheel repair --wheel-dir dist/, (scene) => built(scene, wheel(scene))],
  [
    /^uv build --all-packages --out-dir dist$/,
    (scene) =>
      built(
        scene,
        ['one', 'other'].flatMap((name) => [...wheel(scene, name), ...sdist(scene, name)]),
      ),
  ],
  [/(?:pipx run|python3 -m) build$/, (scene) => built(scene, [...wheel(scene), ...sdist(scene)])],
  [/^paste /, NOTHING],
];

/** @throws Error for a step that nothing stands in for: say here what it leaves */
export function standInFor({ uses, run, with: given }: Step, scene: Scene): Left {
  const what = uses === undefined ? (run ?? '').trim() : `${uses} ${given?.command ?? ''}`.trim();
  const found = STAND_INS.find(([pattern]) => pattern.test(what));
  if (!found) throw new Error(`Cannot rehearse the step "${what}": nothing stands in for it`);
  return found[1](scene);
}

type Built = readonly (readonly [file: string, bytes: Buffer])[];

function wheel({ leg, version }: Scene, name = 'hello-pyoci'): Built {
  const platform = Object.values(leg)
    .join('_')
    .replace(/[^a-z0-9]+/gi, '_');
  const options = { name, version, tag: platform === '' ? 'py3-none-any' : `cp312-cp312-${platform.toLowerCase()}` };
  return [[wheelName(options), aWheel(options)]];
}

function sdist({ version }: Scene, name = 'hello-pyoci'): Built {
  return [[sdistName({ name, version }), anSdist({ name, version })]];
}

function built({ workspace }: Scene, files: Built): Left {
  mkdirSync(join(workspace, 'dist'), { recursive: true });
  for (const [file, bytes] of files) writeFileSync(join(workspace, 'dist', file), bytes);
  return {};
}
