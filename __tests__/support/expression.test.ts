import { evaluate, evaluateText, holds } from './expression.js';

const CONTEXTS = {
  github: { event_name: 'pull_request', repository_owner: 'Owner' },
  inputs: { attest: true, 'dry-run': false, total: 3 },
  job: { workflow_sha: null },
  steps: { publish: { outputs: { files: '[{"status":"published"}]' } } },
};

const inBraces = (expression: string): string => `\${{ ${expression} }}`;

describe('an expression', () => {
  it.each([
    ["'a''b'", "a'b"],
    ['inputs.total', 3],
    ['inputs.dry-run', false],
    ["github.event_name == 'PULL_REQUEST'", true],
    ["github.event_name != 'push'", true],
    ['inputs.attest && !inputs.dry-run', true],
    ["github.event_name == 'pull_request' && 'skip' || 'error'", 'skip'],
    ["github.event_name == 'release' && 'skip' || 'error'", 'error'],
    ["job.workflow_sha == ''", true],
    ['contains(steps.publish.outputs.files, \'"status":"published"\')', true],
    ['!(inputs.attest || inputs.dry-run)', false],
    ['!cancelled()', true],
  ])('%s is %j', (expression, value) => {
    expect(evaluate(expression, CONTEXTS)).toBe(value);
  });

  it.each(['github.nothing', 'github', 'nothing.at.all', "'open", 'inputs.total ==', 'explode()', '1 2'])(
    '%s is an error',
    (expression) => {
      expect(() => evaluate(expression, CONTEXTS)).toThrow(/^Cannot evaluate/);
    },
  );

  it('is replaced in a text, as text', () => {
    const text = `wheels-${inBraces('github.repository_owner')}-${inBraces('inputs.attest')}`;
    expect(evaluateText(text, CONTEXTS)).toBe('wheels-Owner-true');
  });

  it('decides with and without braces', () => {
    expect(holds('inputs.attest', CONTEXTS)).toBe(true);
    expect(holds(inBraces('inputs.dry-run'), CONTEXTS)).toBe(false);
    expect(holds(undefined, CONTEXTS)).toBe(true);
  });
});
