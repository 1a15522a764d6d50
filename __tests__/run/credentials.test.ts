import { UsageError, UserError } from '../../src/core/errors.js';
import { chooseCredentials, type SignInContext } from '../../src/run/credentials.js';
import { KeptLog } from '../support/ports.js';

const NOTHING = { credentials: undefined, narrower: [], unusable: [] };
const DOCKER = { kind: 'basic', username: 'd', password: 'docker-secret', source: 'the Docker config file' } as const;

function context(given: Partial<SignInContext>): SignInContext & { readonly log: KeptLog } {
  return {
    login: { username: undefined, password: undefined, githubToken: undefined },
    host: 'ghcr.io',
    actor: 'octocat',
    spelled: (name) => `input ${name}`,
    kept: async () => NOTHING,
    onGitHub: async () => true,
    ...given,
    log: new KeptLog(),
  };
}

const ALL = { username: 'me', password: 'secret', githubToken: 'token' };

describe('the choice of credentials', () => {
  it('prefers username and password over all others, and asks for none of them', async () => {
    const asked = async (): Promise<never> => {
      throw new Error('nobody should ask');
    };
    await expect(chooseCredentials(context({ login: ALL, kept: asked, onGitHub: asked }))).resolves.toEqual({
      kind: 'basic',
      username: 'me',
      password: 'secret',
      source: 'input username and input password',
    });
  });

  it('takes the actor for the user of a password on the registry of the job', async () => {
    const login = { ...ALL, username: undefined };
    await expect(chooseCredentials(context({ login }))).resolves.toMatchObject({
      username: 'octocat',
      password: 'secret',
    });
  });

  it.each<[string, Partial<SignInContext>]>([
    ['on another registry', { onGitHub: async () => false }],
    ['outside a job', { actor: undefined, onGitHub: async () => false }],
    [
      'where the server does not tell which registry is its own',
      { onGitHub: () => Promise.reject(new UserError('Cannot find the container registry')) },
    ],
  ])('refuses a password without a user %s, naming both inputs', async (_where, given) => {
    const chosen = chooseCredentials(context({ login: { ...ALL, username: undefined }, ...given }));
    await expect(chosen).rejects.toBeInstanceOf(UsageError);
    await expect(chosen).rejects.toMatchObject({
      message: 'Cannot sign in to ghcr.io: input password is given without input username',
      hint: expect.stringContaining('give both input username and input password'),
    });
  });

  it("prefers the Docker config file over the job's token", async () => {
    const login = { ...ALL, username: undefined, password: undefined };
    await expect(
      chooseCredentials(context({ login, kept: async () => ({ ...NOTHING, credentials: DOCKER }) })),
    ).resolves.toBe(DOCKER);
  });

  it("takes the job's token for GitHub's own registry, for realms on its own host only", async () => {
    const login = { ...ALL, username: undefined, password: undefined };
    await expect(chooseCredentials(context({ login }))).resolves.toEqual({
      kind: 'basic',
      username: 'octocat',
      password: 'token',
      source: 'github-token',
      ownHostOnly: true,
    });
  });

  it("sends the job's token to no other registry", async () => {
    const there = context({ login: { ...ALL, username: undefined, password: undefined }, onGitHub: async () => false });
    await expect(chooseCredentials(there)).resolves.toEqual({ kind: 'anonymous' });
    expect(there.log.lines).toEqual(['info No credentials for ghcr.io: going on without signing in']);
  });

  it("leaves the job's token out, and says so, where the server does not tell its own registry", async () => {
    const login = { ...ALL, username: undefined, password: undefined };
    const onGitHub = (): Promise<never> => Promise.reject(new UserError('Cannot find the container registry'));
    const there = context({ login, onGitHub });
    await expect(chooseCredentials(there)).resolves.toEqual({ kind: 'anonymous' });
    expect(there.log.lines[0]).toBe("notice The job's token is left out: Cannot find the container registry");
  });

  it('never logs a secret', async () => {
    for (const password of ['secret', undefined]) {
      const there = context({ login: { ...ALL, password }, onGitHub: async () => false });
      await chooseCredentials(there);
      expect(there.log.lines.join()).not.toMatch(/secret|token$/);
    }
  });
});
