import { UserError } from '../../src/core/errors.js';
import { failureOf } from '../../src/core/failure.js';

describe('a failure', () => {
  it('tells what beneath caused it, and the hint nearest to the top', () => {
    const cause = new UserError('the registry answered 403', { hint: 'allow it', cause: new Error('denied') });
    expect(failureOf(new UserError('Cannot publish', { cause }))).toMatchObject({
      message: 'Cannot publish\nthe registry answered 403\ndenied',
      hint: 'allow it',
    });
  });

  it('ends at a cause that leads in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(failureOf(error)).toMatchObject({ message: 'round', hint: undefined });
  });
});
