import { inputNamed, readInputs } from '../../../src/action/shared/inputs.js';

describe('the inputs of a step', () => {
  it('are those of the table of its action, as they were written', () => {
    const asked: string[] = [];
    const getInput = (name: string) => {
      asked.push(name);
      return ` of ${name} `;
    };
    const table = { folder: { default: 'public' }, limit: { default: '' } };
    expect(readInputs(getInput, table)).toEqual({ folder: ' of folder ', limit: ' of limit ' });
    expect(asked).toEqual(['folder', 'limit']);
  });

  it('are called as a workflow writes them', () => {
    expect(inputNamed('if-exists')).toBe('input `if-exists`');
  });
});
