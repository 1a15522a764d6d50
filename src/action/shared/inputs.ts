import { INPUT_NAMES, type InputName, type RawInputs } from '../../run/settings/inputs.js';

/** Every input of the step, as it was written. */
export function readInputs(getInput: (name: InputName) => string): RawInputs {
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, getInput(name)])) as Record<InputName, string>;
}

/** How the action calls an input. */
export function inputNamed(name: InputName): string {
  return `input \`${name}\``;
}
