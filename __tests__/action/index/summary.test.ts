import { summaryOf } from '../../../src/action/index/summary.js';

describe('the job summary of the index', () => {
  it('says what was served and what was left to others', () => {
    const text = summaryOf({
      served: [{ project: 'acme-app', files: 2, bytes: 4096 }],
      redirected: ['certifi', 'six'],
      failures: [],
    });
    expect(text).toContain('| acme-app | 2 | 4.0 KiB |');
    expect(text).toContain('2 other names were left to the usual index');
    expect(text).toContain('`certifi`, `six`');
  });

  it('says what failed, in which nothing can break out', () => {
    const message = 'refused: </code><img src=x>|`x`\n# heading';
    const text = summaryOf({ served: [], redirected: [], failures: [{ project: 'acme-app', message }] });
    expect(text).toContain('No file was downloaded from it.');
    expect(text).toContain(
      '- **acme-app** failed: <code>refused: &#60;/code&#62;&#60;img src=x&#62;&#124;&#96;x&#96; # heading</code>',
    );
  });

  it('counts the names beyond two hundred', () => {
    const redirected = Array.from({ length: 250 }, (_, at) => `name-${at}`);
    const text = summaryOf({ served: [], redirected, failures: [] });
    expect(text).toContain('250 other names');
    expect(text).toContain('`name-199`, and 50 more');
    expect(text).not.toContain('name-200');
  });
});
