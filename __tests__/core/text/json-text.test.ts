import { jsonText } from '../../../src/core/text/json-text.js';
import { ATTACKS } from '../../support/attacks.js';
import { asRunnerSees } from '../../support/runner-parser.js';

describe('JSON that is printed', () => {
  it('ends its last line', () => {
    expect(jsonText({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  it.each(ATTACKS)('neither steers a terminal nor commands a runner, and says the same: %j', (attack) => {
    const text = jsonText({ [attack]: attack });
    expect(JSON.parse(text)).toEqual({ [attack]: attack });
    expect(asRunnerSees(text).commands).toEqual([]);
    expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}/u);
  });
});
