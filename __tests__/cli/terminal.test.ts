import { Terminal } from '../../src/cli/terminal.js';
import { Redactor } from '../../src/core/text/redactor.js';
import { ATTACKS } from '../support/attacks.js';
import { asRunnerSees } from '../support/runner-parser.js';

function terminal(given: { isTTY?: boolean; columns?: number; verbose?: boolean } = {}) {
  const written: string[] = [];
  const redactor = new Redactor();
  const stream = { ...given, write: (text: string) => written.push(text) };
  return { written, redactor, terminal: new Terminal(stream, redactor, given.verbose ?? false) };
}

describe('the log of a terminal', () => {
  it('says the level of what is not mere information', () => {
    const { written, terminal: log } = terminal();
    log.info('one');
    log.notice('two');
    log.warning('three');
    log.error('four\nfive');
    expect(written.join('')).toBe('one\nnote: two\nwarning: three\nerror: four\nfive\n');
  });

  it('shows details only if asked for them', () => {
    const quiet = terminal();
    quiet.terminal.debug('detail');
    const verbose = terminal({ verbose: true });
    verbose.terminal.debug('detail');
    expect([quiet.written, verbose.written]).toEqual([[], ['debug: detail\n']]);
  });

  it.each(ATTACKS)('neither acts on a text from outside nor lets a runner act on it: %j', async (attack) => {
    const { written, terminal: log } = terminal({ verbose: true, isTTY: false });
    log.progress.show(attack);
    await log.group(attack, async () => {
      for (const level of ['debug', 'info', 'notice', 'warning', 'error'] as const) log[level](attack);
    });
    expect(asRunnerSees(written.join('')).commands).toEqual([]);
    expect(written.join('')).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}/u);
  });

  it('hides every secret it was told of, the longer before its parts', () => {
    const { written, redactor, terminal: log } = terminal();
    redactor.mask('abcd');
    redactor.mask('abcd-efgh');
    redactor.mask('one line\nanother');
    redactor.mask('');
    redactor.mask('is');
    log.info('this is abcd-efgh and abcd, another');
    expect(written).toEqual(['this is *** and ***, ***\n']);
  });

  it('hides a secret that the filter for safe text would have changed', () => {
    const { written, redactor, terminal: log } = terminal();
    redactor.mask('se::cret');
    log.info('it is se::cret');
    expect(written).toEqual(['it is ***\n']);
  });
});

describe('progress on a terminal', () => {
  it('is one line that is written over, below all others', () => {
    const { written, terminal: log } = terminal({ isTTY: true, columns: 80 });
    const { show, end } = log.progress;
    show('10%');
    log.info('a line');
    show('20%');
    end();
    log.info('done');
    expect(written.join('')).toBe('\r\x1b[K10%\r\x1b[Ka line\n\r\x1b[K10%\r\x1b[K20%\r\x1b[Kdone\n');
  });

  it('is cut to the width, since a line that wraps could not be written over', () => {
    const { written, terminal: log } = terminal({ isTTY: true, columns: 10 });
    log.progress.show('0123456789abc');
    expect(written).toEqual(['\r\x1b[K012345678']);
  });

  it('is plain lines, fewer of them, where nobody watches', () => {
    const { written, terminal: log } = terminal();
    const { show, end, every } = log.progress;
    show('10%');
    end();
    expect([written, every]).toEqual([['10%\n'], 5_000]);
  });
});
