/** What a runner makes of a step's output, by its rules (actions/runner, ActionCommand.cs and OutputManager.cs). */
export interface RunnerView {
  readonly commands: readonly { readonly name: string; readonly properties: string; readonly data: string }[];
  /** The other lines. */
  readonly lines: readonly string[];
}

/** Cuts at every line end, takes `::name props::data` after leading blanks, and `##[name props]data` anywhere. */
export function asRunnerSees(output: string): RunnerView {
  const commands: { name: string; properties: string; data: string }[] = [];
  const lines: string[] = [];
  for (const line of output.split(/\r\n|\n|\r/)) {
    const [, name, properties = '', data = ''] =
      /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line) ?? /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line) ?? [];
    if (name === undefined) lines.push(line);
    else commands.push({ name: name.toLowerCase(), properties, data });
  }
  return { commands, lines };
}
