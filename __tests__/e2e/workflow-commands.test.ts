import { readOutputs } from './support/file-commands.js';
import { readLog } from './support/workflow-commands.js';

describe('a log as the runner reads it', () => {
  it.each([
    ['at the start of a line', '::error::boom', 'boom'],
    ['after blanks', '  ::error::boom', 'boom'],
    ['in any case', '::ERROR::boom', 'boom'],
    ['after a bare carriage return', 'progress\r::error::boom', 'boom'],
    ['in the old form, anywhere', 'registry said ##[error]boom', 'boom'],
    ['with escapes', '::error::50%25%0Ago', '50%\ngo'],
  ])('finds a command %s', (_where, output, message) => {
    expect(readLog(output).annotations).toEqual([{ kind: 'error', message, properties: {} }]);
  });

  it.each([
    ['in the middle of a line', 'said ::error::boom'],
    ['of an unknown name', '::explode::boom'],
    ['without its closing colons', '::error boom'],
  ])('finds no command %s', (_where, output) => {
    expect(readLog(output)).toMatchObject({ annotations: [], others: [], shown: output });
  });

  it('reads properties', () => {
    const [annotation] = readLog('::warning file=dist/a%2Cb.whl,title=Not so%3A::boom').annotations;
    expect(annotation).toEqual({
      kind: 'warning',
      message: 'boom',
      properties: { file: 'dist/a,b.whl', title: 'Not so:' },
    });
  });

  it('blanks a secret in what comes after its mask, and keeps the mask itself out of the log', () => {
    const log = readLog('early s3cret\n::add-mask::s3cret\nlate s3cret');
    expect(log).toMatchObject({ shown: 'early s3cret\nlate ***', unmasked: 'early s3cret\nlate s3cret' });
    expect(log.masks).toEqual(['s3cret']);
  });

  it('tells commands that no step of ours should give', () => {
    expect(readLog('::set-output name=a::b\n::group::fine\n::endgroup::').others).toEqual(['set-output']);
  });
});

describe('an output file as the runner reads it', () => {
  it('takes single lines and marked blocks', () => {
    expect(readOutputs('a=1\nb<<END\nx\ny=z\nEND\nc=\n')).toEqual({ a: '1', b: 'x\ny=z', c: '' });
  });

  it.each(['neither', 'b<<END\nx\n', '=value'])('fails the step on %j', (text) => {
    expect(() => readOutputs(text)).toThrow(/^Cannot read the outputs/);
  });
});
