/**
 * What act 0.2.89 does otherwise than GitHub's runner, as far as it touches us: each was seen, and a test says so again
 * (`runner-workflows.test.ts`). Where the two differ, GitHub's documents count.
 */
export const DIFFERENCES = {
  'strategy.job-index, strategy.job-total': 'are empty, so that every publisher takes itself for one of several',
  'job.workflow_sha, job.workflow_repository': 'are empty, so that the reusable workflow is played from its copy',
  'github.workflow_ref, runner.environment, RUNNER_TRACKING_ID': 'are empty',
  'github.run_id': 'is 1 in every run; here each run gets its own',
  permissions: 'are not looked at: the token may do everything',
  'the conclusion of a job': 'is one for all legs of a matrix',
  'the last lines of a step that fails': 'may be missing from the log',
  'runs-on': 'chooses nothing: every job runs on this machine',
} as const;

/** What cannot be played by act on such a machine, and how it is held instead. */
export const NOT_PLAYED = {
  'job containers': 'there is no engine; the rehearsal plays examples/workflows/container.yml',
  'Windows and its line ends': 'this machine is none; unit tests and the rehearsal hold them',
  'clouds and OIDC': 'their sign-in is a service of their own; the rehearsal plays what it leaves behind',
  'clean-up of orphans at the end of a job': 'act starts nothing of that kind',
} as const;
