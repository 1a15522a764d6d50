import { currentFolder } from '../../../src/run/machine/current-folder.js';

describe('the current folder', () => {
  it('is that of the process', () => {
    expect(currentFolder(process)).toBe(process.cwd());
  });

  it('is none where it was deleted', () => {
    const cwd = (): never => {
      throw new Error('ENOENT: no such file or directory, uv_cwd');
    };
    expect(currentFolder({ cwd })).toBeUndefined();
  });
});
