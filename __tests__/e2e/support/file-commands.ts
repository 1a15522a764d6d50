/**
 * The content of a GITHUB_OUTPUT file, read as strictly as a runner does: a line is `NAME=VALUE`, or `NAME<<MARK` with
 * the value up to a line that is the mark. @throws Error where the runner would fail the step
 */
export function readOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, key, mark] = /^([^=]*?)<<(.+)$/.exec(line) ?? [];
    if (key !== undefined && mark !== undefined) {
      const end = lines.indexOf(mark, at + 1);
      if (end < 0) throw new Error(`Cannot read the outputs: "${key}" has no line "${mark}"`);
      outputs[key] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else {
      const equals = line.indexOf('=');
      if (equals < 1) throw new Error(`Cannot read the outputs: neither a value nor a mark in "${line}"`);
      outputs[line.slice(0, equals)] = line.slice(equals + 1);
    }
  }
  return outputs;
}
