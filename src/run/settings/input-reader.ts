import { UsageError, UserError } from '../../core/errors.js';
import type { InputName, InputTable, RawInputs, Spelling } from './inputs.js';

/**
 * Turns written values into typed ones and collects everything that is wrong with them, so that one run names it all.
 * After a complaint each method gives a value that raises no other; `finish` throws before anybody can use it.
 */
export class InputReader<Table extends InputTable> {
  readonly #table: Table;
  readonly #raw: RawInputs<Table>;
  readonly #spelled: Spelling<Table>;
  readonly #complaints: string[] = [];

  constructor(table: Table, raw: RawInputs<Table>, spelled: Spelling<Table>) {
    this.#table = table;
    this.#raw = raw;
    this.#spelled = spelled;
  }

  /** The value without blanks around it, or its default; `undefined` where both are empty. */
  text(name: InputName<Table>): string | undefined {
    return this.#raw[name].trim() || this.#table[name]?.default || undefined;
  }

  /** Lines that say something, without blanks around them. */
  lines(name: InputName<Table>): readonly string[] {
    const lines = (this.text(name) ?? '').split(/\r\n|\n|\r/).map((line) => line.trim());
    return lines.filter((line) => line !== '');
  }

  oneOf<T extends string>(name: InputName<Table>, values: readonly [T, ...T[]]): T {
    const found = this.text(name);
    const value = values.find((candidate) => candidate === found);
    if (value === undefined) this.complain(name, `found "${found ?? ''}", expected ${list(values)}`);
    return value ?? values[0];
  }

  /** The words that YAML 1.2 knows for a truth, as the runner's own toolkit takes them. */
  truth(name: InputName<Table>): boolean {
    const found = this.text(name) ?? 'false';
    const value = /^(?:true|True|TRUE)$/.test(found);
    if (!value && !/^(?:false|False|FALSE)$/.test(found))
      this.complain(name, `found "${found}", expected true or false`);
    return value;
  }

  whole(name: InputName<Table>, least: number, most: number): number {
    const found = this.text(name) ?? '';
    const value = Number(found);
    const fits = /^[0-9]{1,9}$/.test(found) && value >= least && value <= most;
    if (!fits) this.complain(name, `found "${found}", expected a whole number from ${least} to ${most}`);
    return fits ? value : most;
  }

  /** The same of a value that may be left out: then it is `undefined`. */
  wholeIfGiven(name: InputName<Table>, least: number, most: number): number | undefined {
    return this.text(name) === undefined ? undefined : this.whole(name, least, most);
  }

  /** Whatever `parse` makes of the value; what it throws becomes the complaint. `undefined` if nothing was given. */
  parsed<T>(name: InputName<Table>, parse: (text: string) => T): T | undefined {
    const found = this.text(name);
    return found === undefined ? undefined : this.understood(name, found, parse);
  }

  /** The same of a part of the value. */
  understood<T>(name: InputName<Table>, part: string, parse: (text: string) => T): T | undefined {
    try {
      return parse(part);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.complain(name, error.hint ? `${error.message} (${error.hint})` : error.message);
      return undefined;
    }
  }

  complain(name: InputName<Table>, what: string): void {
    this.#complaints.push(`${this.#spelled(name)}: ${what}`);
  }

  /** @throws UsageError with every complaint, if there was any */
  finish(): void {
    const [first, ...more] = this.#complaints;
    if (first === undefined) return;
    if (more.length === 0) throw new UsageError(`Cannot use ${first}`);
    throw new UsageError(`Cannot start: ${more.length + 1} values are wrong\n${this.#complaints.join('\n')}`);
  }
}

function list(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
