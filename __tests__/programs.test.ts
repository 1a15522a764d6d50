import { readdirSync, readFileSync } from 'node:fs';

const FILES = readdirSync('__tests__', { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.startsWith('e2e/'),
);
/** A call that starts a program, with its first argument. */
const START = /\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)\(\s*([\w.'"`/-]*)/g;

describe('the tests of npm test', () => {
  it('start no program but the Node that they run on, and sh', () => {
    const starting = FILES.map((path) => [path, readFileSync(`__tests__/${path}`, 'utf8')] as const).filter(
      ([, text]) => /from 'node:child_process'/.test(text),
    );
    const started = starting.flatMap(([path, text]) =>
      [...text.matchAll(START)].map(([, program]) => ({ path, program })),
    );
    expect(started.length).toBeGreaterThan(1);
    const known = ['process.execPath', "'sh'"];
    expect(started.filter(({ program = '' }) => !known.includes(program))).toEqual([]);
  });
});
