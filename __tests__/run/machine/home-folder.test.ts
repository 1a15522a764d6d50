import { homeFolder } from '../../../src/run/machine/home-folder.js';

const WHOLE = process.cwd();
const unknown = (): never => {
  throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
};

describe('the home folder', () => {
  it.each([
    ['is what Node says', () => WHOLE, unknown, WHOLE],
    ['is that of the list of users where HOME is empty', () => '', () => ({ homedir: WHOLE }), WHOLE],
    ['is that of the list of users where HOME is a part of a path', () => 'me', () => ({ homedir: WHOLE }), WHOLE],
    ['is none for a user that the system does not know', unknown, unknown, undefined],
    ['is none where both say nothing', () => '', () => ({ homedir: '' }), undefined],
  ])('%s', (_title, homedir, userInfo, found) => {
    expect(homeFolder({ homedir, userInfo })).toBe(found);
  });
});
