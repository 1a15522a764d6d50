import { parseWarnings } from '../../../../src/oci/registry/transport/registry-warnings.js';
import { type Session, startSession } from '../../../support/registry-session.js';

describe('the Warning header', () => {
  it.each([
    ['one text', '299 - "Your quota is nearly full"', ['Your quota is nearly full']],
    ['several', '299 - "one", 299 - "two, with a comma"', ['one', 'two, with a comma']],
    ['escaped quotes', '299 - "the \\"old\\" API"', ['the "old" API']],
    ['another code, which is not for us', '199 - "x"', []],
    ['an agent, which the spec forbids', '299 proxy "x"', []],
    ['an empty text', '299 - ""', []],
    ['nothing', undefined, []],
  ])('is read: %s', (_, header, expected) => {
    expect(parseWarnings(header)).toEqual(expected);
  });
});

describe('a warning of the registry', () => {
  let session: Session;
  afterEach(() => session.stop());

  it('is shown once, and changes nothing', async () => {
    session = await startSession();
    session.registry.alter(
      'GET',
      /tags/,
      (answer) => ({ ...answer, headers: { ...answer.headers, warning: '299 - "gone soon"' } }),
      2,
    );
    await session.repository.tags();
    await session.repository.tags();
    expect(session.log.of('warning')).toEqual([`${session.registry.host} says: gone soon`]);
  });

  it('cannot flood the log', async () => {
    session = await startSession();
    const warning = Array.from({ length: 50 }, (_, count) => `299 - "text ${count}"`).join(', ');
    session.registry.alter('GET', /tags/, (answer) => ({ ...answer, headers: { ...answer.headers, warning } }));
    await session.repository.tags();
    expect(session.log.of('warning')).toHaveLength(10);
  });
});
