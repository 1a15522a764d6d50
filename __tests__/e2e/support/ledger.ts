/** Letters of a secret's form by which most texts are known not to hold it. */
const PREFIX = 12;
/** Shorter ones would be found in anything. */
const SHORTEST = 6;

interface Entry {
  readonly where: string;
  readonly text: string;
}

/**
 * All secrets that the runs of a test file knew, and all that these runs showed and sent besides the header that is for
 * secrets. After the tests of each file one is searched for the other.
 */
class Ledger {
  readonly #secrets = new Set<string>();
  readonly #entries: Entry[] = [];

  knows(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined && secret.length >= SHORTEST) this.#secrets.add(secret);
  }

  /** User and password, and what Basic sign-in makes of them. */
  knowsLogin(username: string, password: string): void {
    this.knows(password);
    if (password !== '') this.knows(Buffer.from(`${username}:${password}`).toString('base64'));
  }

  keeps(where: string, text: string): void {
    if (text !== '') this.#entries.push({ where, text });
  }

  /** A request but for its credential. */
  keepsRequest(to: string, method: string, url: string, headers: Readonly<Record<string, unknown>>): void {
    const { authorization, ...others } = headers;
    this.keeps(`request to ${to}`, `${method} ${url} ${JSON.stringify(others)}`);
  }

  get size(): { readonly secrets: number; readonly texts: number } {
    return { secrets: this.#secrets.size, texts: this.#entries.length };
  }

  /** Where a secret was found, and in what form; never the secret. */
  leaks(): readonly string[] {
    const byPrefix = new Map<string, [form: string, text: string][]>();
    for (const [form, text] of [...this.#secrets].flatMap(formsOf)) {
      const prefix = text.slice(0, PREFIX);
      byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), [form, text]]);
    }
    const found = this.#entries.flatMap(({ where, text }) =>
      [...byPrefix].flatMap(([prefix, forms]) =>
        text.includes(prefix)
          ? forms.flatMap(([form, secret]) => (text.includes(secret) ? [`${where}: a secret, ${form}`] : []))
          : [],
      ),
    );
    return [...new Set(found)];
  }
}

/** A secret as it could be printed by mistake. Base64 of anything around it shows it at one of three shifts. */
export function formsOf(secret: string): readonly [form: string, text: string][] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last letters also hold bits of what stands beside.
    return text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1);
  });
  const forms: [string, string][] = [
    ['as it is', secret],
    ...shifted.flatMap((text): [string, string][] => [
      ['in base64', text],
      ['in base64url', text.replaceAll('+', '-').replaceAll('/', '_')],
    ]),
    ['URL-encoded', encodeURIComponent(secret)],
    ['as a form', new URLSearchParams({ _: secret }).toString().slice(2)],
    ['in hex', bytes.toString('hex')],
    ['in capital hex', bytes.toString('hex').toUpperCase()],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ];
  return forms.filter(([, text], at) => forms.findIndex(([, other]) => other === text) === at);
}

export const ledger = new Ledger();
