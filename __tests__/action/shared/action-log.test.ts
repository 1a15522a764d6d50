import * as core from '@actions/core';
import { jest } from '@jest/globals';
import { ActionLog } from '../../../src/action/shared/action-log.js';
import { AnnotationBudget } from '../../../src/action/shared/annotation-budget.js';
import { ATTACKS } from '../../support/attacks.js';
import { asRunnerSees, type RunnerView } from '../../support/runner-parser.js';

/** What a runner sees of what the real toolkit prints. */
async function seen(work: (log: ActionLog) => unknown): Promise<RunnerView> {
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += String(chunk);
    return true;
  });
  try {
    await work(new ActionLog(core, new AnnotationBudget()));
  } finally {
    write.mockRestore();
  }
  return asRunnerSees(printed);
}

describe('the log of the action', () => {
  it.each(ATTACKS)('lets no text from outside become a command: %j', async (attack) => {
    const { commands } = await seen(async (log) => {
      log.info(attack);
      log.debug(attack);
      log.notice(attack);
      log.warning(attack);
      log.error(attack);
      log.errorAbout(attack, attack);
      await log.group(attack, async () => log.group(attack, async () => log.info(attack)));
    });
    expect(commands.map(({ name }) => name)).toEqual([
      'debug',
      'notice',
      'warning',
      'error',
      'error',
      'group',
      'endgroup',
    ]);
    for (const { data } of commands) expect(data).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
  });

  it('says which file an error is about', async () => {
    const { commands } = await seen((log) => log.errorAbout('dist/a.whl', 'it is empty\nTo fix it: build it again'));
    expect(commands).toEqual([
      { name: 'error', properties: 'file=dist/a.whl', data: 'it is empty%0ATo fix it: build it again' },
    ]);
  });

  it('makes no more than nine annotations, five of them warnings, and prints the rest as lines', async () => {
    const { commands, lines } = await seen((log) => {
      for (let at = 0; at < 12; at += 1) log.warning(`w${at}`);
      log.notice('n');
      for (let at = 0; at < 12; at += 1) log.error(`e${at}`);
    });
    expect(commands.map(({ data }) => data)).toEqual(['w0', 'w1', 'w2', 'w3', 'w4', 'e0', 'e1', 'e2', 'e3']);
    expect(lines).toEqual(
      expect.arrayContaining(['Warning: w5', 'Warning: w11', 'Notice: n', 'Error: e4', 'Error: e11']),
    );
  });

  it('leaves all nine to errors where nothing else was said', async () => {
    const { commands } = await seen((log) => {
      for (let at = 0; at < 12; at += 1) log.error(`e${at}`);
    });
    expect(commands).toHaveLength(9);
  });

  it('folds a group, does not nest another in it, and ends it when its work fails', async () => {
    const { commands, lines } = await seen(async (log) => {
      await log.group('outer', () => log.group('inner', async () => log.info('line')));
      await expect(log.group('second', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    });
    expect(commands.map(({ name, data }) => `${name} ${data}`)).toEqual([
      'group outer',
      'endgroup ',
      'group second',
      'endgroup ',
    ]);
    expect(lines).toEqual(expect.arrayContaining(['inner', 'line']));
  });
});
