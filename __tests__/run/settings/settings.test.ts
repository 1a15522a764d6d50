import { UsageError } from '../../../src/core/errors.js';
import { githubJob } from '../../../src/github/job.js';
import { givenInputs, PUBLISH_INPUTS, type PublishInputs } from '../../../src/run/settings/inputs.js';
import { readSettings, type Settings } from '../../../src/run/settings/settings.js';

const JOB = githubJob({
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY_OWNER: 'Octo-Org',
  GITHUB_REPOSITORY: 'Octo-Org/tool',
  GITHUB_ACTOR: 'octocat',
  GITHUB_RUN_ID: '7',
});

function read(given: Partial<PublishInputs>, where: 'in a job' | 'on a terminal' = 'in a job'): Settings {
  const job = where === 'in a job' ? JOB : undefined;
  return readSettings(givenInputs(PUBLISH_INPUTS, given), job, (name) => `input ${name}`);
}

function complaint(given: Partial<PublishInputs>, where: 'in a job' | 'on a terminal' = 'in a job'): string {
  try {
    read(given, where);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('settings', () => {
  it('takes an empty value for one that is not given', () => {
    expect(read({})).toEqual({
      files: ['dist/*.whl', 'dist/*.tar.gz'],
      place: { kind: 'registry', origin: undefined, namespace: 'octo-org' },
      login: { username: undefined, password: undefined, githubToken: undefined },
      ifExists: 'error',
      ifNoFilesFound: 'error',
      attachments: 'auto',
      attach: [],
      annotations: { manifest: {}, index: {}, defaults: true },
      dryRun: false,
      coordination: 'auto',
      jobIndex: undefined,
      jobTotal: undefined,
      concurrency: 4,
      pyociUrl: 'https://pyoci.com',
      summary: true,
    } satisfies Settings);
  });

  it('takes every value as it is given, blanks around it left out', () => {
    const settings = read({
      files: 'a.whl\r\n\n  !b.whl  \n',
      registry: 'localhost:5000',
      namespace: ' Octo-Org/Python ',
      username: 'me',
      password: 'secret\n',
      'github-token': 'token',
      'if-exists': 'skip',
      'if-no-files-found': 'warn',
      annotations: 'a=1',
      'default-annotations': 'False',
      'dry-run': 'TRUE',
      coordination: 'off',
      'job-index': '2',
      'job-total': '3',
      concurrency: '64',
      'pyoci-url': 'https://pyoci.example/base/',
      summary: 'false',
    });
    expect(settings).toMatchObject({
      files: ['a.whl', '!b.whl'],
      place: {
        kind: 'registry',
        origin: { host: 'localhost:5000', scheme: 'http' },
        namespace: 'octo-org/python',
      },
      login: { username: 'me', password: 'secret', githubToken: 'token' },
      annotations: { manifest: { a: '1' }, index: { a: '1' }, defaults: false },
      dryRun: true,
      jobIndex: 2,
      pyociUrl: 'https://pyoci.example/base',
      summary: false,
    });
  });

  it('names every wrong value at once, with what was found and what is expected', () => {
    const told = complaint({
      'if-exists': 'overwrite',
      concurrency: '0',
      'dry-run': 'yes',
      annotations: 'x',
      registry: 'a/b',
    });
    expect(told.split('\n')).toEqual([
      'Cannot start: 5 values are wrong',
      expect.stringContaining('input annotations: line 1 ("x") has no "="'),
      expect.stringContaining('input registry: found "a/b", but it has a path'),
      'input if-exists: found "overwrite", expected error, skip or replace',
      'input dry-run: found "yes", expected true or false',
      'input concurrency: found "0", expected a whole number from 1 to 64',
    ]);
  });

  it.each([
    [
      { 'if-no-files-found': 'fail' },
      'Cannot use input if-no-files-found: found "fail", expected error, warn or ignore',
    ],
    [{ coordination: 'on' }, 'Cannot use input coordination: found "on", expected auto, journal, settle, off or cache'],
    [{ summary: '1' }, 'Cannot use input summary: found "1", expected true or false'],
    [{ concurrency: '4.5' }, 'Cannot use input concurrency: found "4.5", expected a whole number from 1 to 64'],
    [
      { 'job-index': '3', 'job-total': '3' },
      'Cannot use input job-index: found "3", expected a whole number from 0 to 2',
    ],
    // Only what is wrong by itself: no place is too high in a matrix whose size is not known.
    [
      { 'job-index': '3', 'job-total': 'x' },
      'Cannot use input job-total: found "x", expected a whole number from 1 to 100000',
    ],
    [{ 'pyoci-url': 'pyoci.com' }, /found "pyoci.com", expected the address of a PyOCI server/],
    [{ 'pyoci-url': 'https://me:token@pyoci.com' }, /it holds a user or a password/],
    [{ 'pyoci-url': 'https://pyoci.com/?x' }, /expected the address of a PyOCI server/],
    [{ namespace: 'octo org' }, /input namespace: .*"octo org" is not a legal part/],
    [{ namespace: '/octo-org' }, /input namespace: .*is not a legal part/],
    [{ username: 'me:you', password: 'x' }, /input username: it holds a ":"/],
    [{ 'oci-layout': 'oci', registry: 'ghcr.io' }, /input oci-layout: a folder and a registry are both given/],
  ] as const)('refuses %j', (given, message) => {
    if (message instanceof RegExp) expect(complaint(given)).toMatch(message);
    else expect(complaint(given)).toBe(message);
  });

  it.each([
    [{}, { jobIndex: undefined, jobTotal: undefined }],
    [
      { 'job-index': ' ', 'job-total': '\n' },
      { jobIndex: undefined, jobTotal: undefined },
    ],
    [{ 'job-total': '3' }, { jobIndex: undefined, jobTotal: 3 }],
    [{ 'job-index': '2' }, { jobIndex: 2, jobTotal: undefined }],
    [
      { 'job-index': '0', 'job-total': '1' },
      { jobIndex: 0, jobTotal: 1 },
    ],
  ])('knows of the matrix what it is told, and guesses nothing: %j', (given, expected) => {
    for (const where of ['in a job', 'on a terminal'] as const) {
      expect(read({ namespace: 'me', ...given }, where)).toMatchObject(expected);
    }
  });

  it('explains an empty password beside a user as a secret that is not set', () => {
    expect(complaint({ username: 'me' })).toMatch(
      /input password: it is empty although input username is given.*secret is not set.*forks/,
    );
  });

  it('wants a namespace outside GitHub', () => {
    expect(complaint({ registry: 'ghcr.io' }, 'on a terminal')).toMatch(/input namespace: nothing was given/);
  });

  it('wants no namespace for a folder', () => {
    expect(read({ 'oci-layout': 'oci' }, 'on a terminal').place).toEqual({
      kind: 'layout',
      folder: 'oci',
      namespace: '',
    });
  });

  it("refuses the job's token outside a job, since there is no server it belongs to", () => {
    expect(complaint({ namespace: 'me', 'github-token': 'token' }, 'on a terminal')).toMatch(
      /input github-token: it works in a job of GitHub Actions only/,
    );
  });

  it('never repeats a secret', () => {
    const told = complaint({ password: 'hunter2', 'github-token': 'hunter3', 'if-exists': 'x' }, 'on a terminal');
    expect(told).not.toMatch(/hunter/);
  });
});
