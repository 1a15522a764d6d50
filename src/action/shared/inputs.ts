import { type InputName, type InputTable, inputsBy, type RawInputs } from '../../run/settings/inputs.js';

/** Every input of the step, as it was written. */
export function readInputs<Table extends InputTable>(
  getInput: (name: InputName<Table>) => string,
  table: Table,
): RawInputs<Table> {
  return inputsBy(table, getInput);
}

/** How an action calls an input. */
export function inputNamed(name: string): string {
  return `input \`${name}\``;
}
