import { explain, FilesError, UserError } from '../../src/core/errors.js';

describe('what is told of an error', () => {
  it('is its text and those of its causes, each once', () => {
    const root = new Error('connect ECONNREFUSED');
    const error = new UserError('Cannot publish', { cause: new UserError('Cannot upload', { cause: root }) });
    expect(explain(error)).toBe('Cannot publish\nCannot upload\nconnect ECONNREFUSED');
    expect(explain(new Error('same', { cause: new Error('same') }))).toBe('same');
    expect(explain('thrown text')).toBe('thrown text');
  });

  it('ends, though an error be its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(explain(error)).toBe('round');
  });
});

describe('files that failed their checks', () => {
  it('are counted once each, and every problem is in the hint', () => {
    const error = new FilesError([
      { severity: 'error', file: 'dist/a.whl', message: 'has no Name', hint: 'build it again' },
      { severity: 'error', file: 'dist/a.whl', message: 'has no Version' },
      { severity: 'warning', file: 'dist/b.whl', message: 'has no RECORD' },
    ]);
    expect(error.message).toBe('Cannot publish: one file failed the checks, nothing was written');
    expect(error.hint).toBe('dist/a.whl: has no Name (build it again)\ndist/a.whl: has no Version');
  });
});
