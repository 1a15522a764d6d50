import { parseRepositoryName, parseTag } from '../../../../src/oci/reference.js';
import { FakeClock } from '../../../support/clock.js';
import { EMPTY_INDEX } from '../../../support/registry-session.js';
import { storeOn } from '../../../support/registry-store.js';
import { type ScriptedServer, startServer } from '../../../support/scripted-server.js';

const PASSWORD = 'a/long+password/that=is~mine';
const credentials = { kind: 'basic', username: 'robin', password: PASSWORD, source: 'the test' } as const;

let server: ScriptedServer;
afterEach(() => server.stop());

/** What writing a tag ends with where this is answered to it. */
async function refused(body: (basic: string) => string, onGitHub?: () => Promise<boolean>) {
  server = await startServer((request, response) => {
    request.resume();
    const { authorization = '' } = request.headers;
    if (authorization === '') response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    else response.writeHead(403).end(body(authorization.replace('Basic ', '')));
  });
  const store = storeOn({ host: server.host, credentials }, { clock: new FakeClock(), onGitHub });
  const failure = await store
    .repository(parseRepositoryName('owner/demo'))
    .putTag(parseTag('1.0'), EMPTY_INDEX)
    .catch((error: unknown) => error);
  store.close();
  return failure;
}

describe('the words of a refusal', () => {
  it.each([
    ['in a message', (basic: string) => JSON.stringify({ message: `${basic} and ${PASSWORD}` })],
    [
      'in a detail',
      (basic: string) => JSON.stringify({ errors: [{ code: 'A', message: 'b', detail: { basic, PASSWORD } }] }),
    ],
    ['with escaped slashes', () => `{"message":"${PASSWORD.replaceAll('/', '\\/')}"}`],
    ['in a page, as entities', () => `<html><p>${PASSWORD.replaceAll('/', '&#47;')}</p></html>`],
    ['in the XML of a storage', () => `<Error><Message>${PASSWORD.replaceAll('=', '&#x3d;')}</Message></Error>`],
  ])('hold no credentials that were repeated: %s', async (_, body) => {
    const failure = await refused(body);
    expect(failure).toMatchObject({ message: expect.stringContaining('***') });
    expect(String(failure)).not.toMatch(/password\/that|bG9uZ/);
  });
});

describe('whose registry it is', () => {
  it('is asked after a refusal only, and a server that does not tell is not taken for GitHub', async () => {
    let asked = 0;
    const failing = (): Promise<boolean> => {
      asked += 1;
      return Promise.reject(new Error('no'));
    };
    expect(await refused(() => '', failing)).toMatchObject({ hint: expect.stringMatching(/right to push there/) });
    expect(asked).toBe(1);
    await server.stop();
    expect(
      await refused(
        () => '',
        async () => true,
      ),
    ).toMatchObject({
      hint: expect.stringMatching(/"packages: write"/),
    });
  });
});
