import { execFileSync } from 'node:child_process';
import { parsePipConfig } from '../../src/run/serving/pip-config.js';

/** What Python's own reader makes of a text, with keys as pip compares them. */
const READER = `import configparser, json, sys
parser = configparser.RawConfigParser()
parser.read_string(sys.stdin.read())
normal = lambda key: key.lower().replace("_", "-")
print(json.dumps({name: {normal(key): value for key, value in parser[name].items()} for name in parser.sections()}))`;

function byPython(text: string): unknown {
  return JSON.parse(execFileSync('python3', ['-I', '-c', READER], { input: text, encoding: 'utf8' }));
}

const ours = (text: string) =>
  Object.fromEntries([...parsePipConfig(text)].map(([name, values]) => [name, Object.fromEntries(values)]));

describe("pip's configuration file", () => {
  it.each([
    ['a usual one', '[global]\nindex-url = https://index.example/simple/\ntimeout=60\n'],
    ['colons', '[global]\nindex-url: https://index.example:8443/simple/\n'],
    ['underscores and capitals', '[global]\nIndex_URL = https://index.example/\n'],
    ['several sections', '[global]\nindex-url = https://a.example/\n[install]\nindex-url = https://b.example/\n'],
    ['comments', '# one\n; two\n[global]\n  # three\nindex-url = https://a.example/ # no comment\n'],
    ['a list in lines', '[global]\nextra-index-url =\n    https://a.example/\n    https://b.example/\nno-color = 1\n'],
    [
      'a comment in a list',
      '[global]\nextra-index-url =\n    https://a.example/\n    # not this\n    https://b.example/\n',
    ],
    ['an empty value', '[global]\nindex-url =\n\n[freeze]\ntimeout = 10\n'],
    ['line ends of Windows', '[global]\r\nindex-url = https://a.example/\r\n'],
    ['equals in a value', '[global]\nindex-url = https://a.example/?x=y\n'],
    ['nothing', ''],
  ])('is read as Python reads it: %s', (_, text) => {
    expect(ours(text)).toEqual(byPython(text));
  });
});
