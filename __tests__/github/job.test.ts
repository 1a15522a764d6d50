import { githubJob } from '../../src/github/job.js';

const RUN = { GITHUB_ACTIONS: 'true', GITHUB_RUN_ID: '7', GITHUB_REPOSITORY: 'Octo-Org/tool', GITHUB_SHA: 'abc' };

describe('the job of GitHub Actions', () => {
  it('is none on a terminal, whatever other variables are set', () => {
    expect(githubJob({ ...RUN, GITHUB_ACTIONS: undefined })).toBeUndefined();
  });

  it('knows its run by id, repository and commit', () => {
    expect(githubJob({ ...RUN, GITHUB_SERVER_URL: 'https://github.example.com/' })?.run).toEqual({
      id: '7',
      repositoryUrl: 'https://github.example.com/Octo-Org/tool',
      revision: 'abc',
    });
  });

  it.each(['GITHUB_RUN_ID', 'GITHUB_REPOSITORY'])('has no run without %s', (name) => {
    expect(githubJob({ ...RUN, [name]: '' })?.run).toBeUndefined();
  });
});
