import { parse, TEXT } from '../../src/cli/arguments.js';
import { nearest } from '../../src/cli/nearest.js';

describe('nearest', () => {
  test.each([
    ['shows', 'show'],
    ['publsh', 'publish'],
    ['serv', 'serve'],
    ['dist', undefined],
    ['a.whl', undefined],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearest(typed, ['publish', 'serve', 'check', 'show', 'pull'])).toBe(meant);
  });
});

describe('an unknown option', () => {
  test.each([
    ['--namespce', 'did you mean --namespace? --help shows all options'],
    ['--nonsense', '--help shows all options'],
  ])('%s: %s', (option, hint) => {
    const given = () => parse([option, 'me'], { namespace: TEXT, registry: TEXT });
    expect(given).toThrow(expect.objectContaining({ message: `Unknown option '${option}'`, hint }));
  });
});
