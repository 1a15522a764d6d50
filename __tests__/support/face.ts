import type { Env } from '../../src/core/ports.js';
import type { Face, FileFinder } from '../../src/run/face.js';
import { givenInputs, PUBLISH_INPUTS, type PublishInputs } from '../../src/run/settings/inputs.js';
import { type TestPorts, testPorts } from './ports.js';

/** A job of github.com, as its variables tell; nothing that a login command keeps is looked for anywhere else. */
export const JOB: Env = {
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY_OWNER: 'Octo-Org',
  GITHUB_REPOSITORY: 'Octo-Org/tool',
  GITHUB_ACTOR: 'octocat',
  GITHUB_RUN_ID: '7',
  GITHUB_SHA: 'abc',
  SOURCE_DATE_EPOCH: '1700000000',
  DOCKER_CONFIG: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  XDG_RUNTIME_DIR: '/nonexistent',
};

export type TestFace = Omit<Face, keyof TestPorts> & TestPorts & { readonly masked: string[] };

/** A face whose world is the test's: its paths are found whatever is named. */
export function testFace(
  paths: readonly string[],
  given: { env?: Env; deeper?: readonly string[]; signal?: AbortSignal } = {},
): TestFace {
  const masked: string[] = [];
  const files: FileFinder = {
    find: async () => paths,
    attached: async (path) => [path],
    deeper: async () => given.deeper ?? [],
  };
  return {
    ...testPorts(given.signal),
    env: given.env ?? JOB,
    masked,
    masker: { mask: (secret) => masked.push(secret) },
    files,
    spelled: (name) => `input ${name}`,
    userAgent: 'pyoci-publish/test',
  };
}

/** Inputs of a step that gives these and no others, in a job without a matrix. */
export function inputs(given: Partial<PublishInputs> = {}): PublishInputs {
  return givenInputs(PUBLISH_INPUTS, { 'job-index': '0', 'job-total': '1', ...given });
}
