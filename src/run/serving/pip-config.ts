/** pip's configuration files, as Python's configparser reads them. Pure. */

/** Values by section and key, both in the form that pip compares: lower case, dashes. */
export type PipConfig = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads the text of a `pip.conf` as far as valid files go: sections, `key = value` or `key: value`, comments on lines of
 * their own, and values that go on in indented lines.
 * @see https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
export function parsePipConfig(text: string): PipConfig {
  const config = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, more] = /^\s+(.*\S)\s*$/.exec(line) ?? [];
    if (more !== undefined && section && key !== undefined) {
      section.set(key, `${section.get(key) ?? ''}\n${more}`);
      continue;
    }
    const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (name !== undefined) {
      section = config.get(name) ?? new Map();
      config.set(name, section);
      key = undefined;
      continue;
    }
    const [, left, right = ''] = /^([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (left === undefined) continue;
    key = left.trim().toLowerCase().replaceAll('_', '-');
    section?.set(key, right);
  }
  return config;
}

/** What pip takes for an option of `pip install`: the section of the command counts more than `global`. */
export function pipOption(config: PipConfig, name: string): string | undefined {
  for (const section of ['install', 'download', 'global']) {
    const value = config.get(section)?.get(name)?.trim();
    if (value) return value;
  }
  return undefined;
}
