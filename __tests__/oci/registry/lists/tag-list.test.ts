import { parseTag } from '../../../../src/oci/reference.js';
import { refusal } from '../../../support/registry/exchange.js';
import { EMPTY_INDEX, type Session, sessionOn, startSession } from '../../../support/registry-session.js';
import { type ScriptedServer, startServer } from '../../../support/scripted-server.js';

const TAGS = ['1.0', '1.1', '1.2', '1.3', '1.4'].map(parseTag);
const tagged = Object.fromEntries(TAGS.map((tag) => [tag, EMPTY_INDEX]));

describe('the tags of a repository', () => {
  let session: Session;
  afterEach(() => session.stop());

  it('are read page by page', async () => {
    session = await startSession({ pageSize: 2 });
    session.registry.holding('owner/demo', { tags: tagged });
    expect(await session.repository.tags()).toEqual(TAGS);
    expect(session.registry.requests.map(({ query }) => query.get('last'))).toEqual([null, '1.1', '1.3']);
  });

  it('are read without a number where the registry refuses ours', async () => {
    session = await startSession();
    session.registry.holding('owner/demo', { tags: tagged });
    session.registry.refuse(
      'GET',
      /tags/,
      refusal(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested'),
    );
    expect(await session.repository.tags()).toEqual(TAGS);
    expect(session.registry.requests.map(({ query }) => query.get('n'))).toEqual(['1000', null]);
  });

  it.each([
    ['NAME_UNKNOWN', refusal(404, 'NAME_UNKNOWN', 'no such repository')],
    ['NOT_FOUND, as Harbor says', refusal(404, 'NOT_FOUND', 'repository owner/demo not found')],
  ])('are none where the repository does not exist: %s', async (_, answer) => {
    session = await startSession();
    session.registry.refuse('GET', /tags/, answer);
    expect(await session.repository.tags()).toEqual([]);
  });

  it.each([
    ['a 404 of some web server', { status: 404, body: '<html>' }],
    ['a missing right', refusal(403, 'DENIED', 'no')],
    ['another wrong request', refusal(400, 'NAME_INVALID', 'no')],
  ])('are not taken for none after %s', async (_, answer) => {
    session = await startSession();
    session.registry.refuse('GET', /tags/, answer);
    await expect(session.repository.tags()).rejects.toMatchObject({ status: answer.status });
  });

  it.each([
    ['null', { name: 'owner/demo', tags: null }, []],
    ['missing', { name: 'owner/demo' }, []],
    ['mixed with what is no tag', { tags: ['1.0', 7, null] }, ['1.0']],
  ])('may be %s', async (_, body, expected) => {
    session = await startSession();
    session.registry.refuse('GET', /tags/, { status: 200, body });
    expect(await session.repository.tags()).toEqual(expected);
  });

  it.each([
    ['a page of HTML', '<html>'],
    ['a list of another kind', '[]'],
    ['tags that are no list', '{"tags":"1.0"}'],
  ])('are not read from %s', async (_, body) => {
    session = await startSession();
    session.registry.refuse('GET', /tags/, { status: 200, body });
    await expect(session.repository.tags()).rejects.toThrow(/^Cannot list the tags of owner\/demo/);
  });
});

describe('pages that lead astray', () => {
  let server: ScriptedServer;
  afterEach(() => server.stop());

  async function start(page: (url: string) => { readonly tags: readonly string[]; readonly link: string }) {
    server = await startServer((request, response) => {
      const { tags, link } = page(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json', link }).end(JSON.stringify({ tags }));
    });
    return sessionOn({ host: server.host, credentials: { kind: 'anonymous' } }).repository;
  }

  it('end with the empty page behind the last, as Gitea has it', async () => {
    const repository = await start((url) => ({
      tags: url.includes('last') ? [] : ['1.0'],
      link: '</v2/owner/demo/tags/list?last=1.0>; rel="next"',
    }));
    expect(await repository.tags()).toEqual(['1.0']);
    expect(server.seen).toHaveLength(2);
  });

  it('end with a page that repeats the one before', async () => {
    const repository = await start(() => ({ tags: ['1.0'], link: '</v2/owner/demo/tags/list?last=1.0>; rel="next"' }));
    expect(await repository.tags()).toEqual(['1.0']);
    expect(server.seen).toHaveLength(2);
  });

  it('end somewhere, even if every page brings something new', async () => {
    let count = 0;
    const repository = await start(() => {
      count += 1;
      return { tags: [`1.${count}`], link: `</v2/owner/demo/tags/list?last=1.${count}>; rel="next"` };
    });
    await expect(repository.tags()).rejects.toThrow(/more than 1000 pages/);
  });

  it('end somewhere, even if few pages hold very much', async () => {
    const tags = JSON.stringify(Array(60_000).fill('x'.repeat(250)));
    let page = 0;
    server = await startServer((_, response) => {
      page += 1;
      response.setHeader('link', `</v2/owner/demo/tags/list?page=${page}>; rel="next"`);
      response.end(`{"tags":["${page}",${tags.slice(1)}}`);
    });
    const { repository } = sessionOn({ host: server.host, credentials: { kind: 'anonymous' } });
    await expect(repository.tags()).rejects.toThrow(/the list has more than 67108864 bytes/);
    expect(page).toBe(5);
  });

  it('to another origin are not followed', async () => {
    const repository = await start(() => ({
      tags: ['1.0'],
      link: '<http://127.0.0.2:1/v2/owner/demo/tags/list>; rel="next"',
    }));
    await expect(repository.tags()).rejects.toThrow(/continues its list at 127\.0\.0\.2:1/);
    expect(server.seen).toHaveLength(1);
  });
});
