/** Elements of a page that are looked at: it says what it is about at its beginning. */
const MOST = 6;

/** What is no text for people. */
const SILENT = new Set(['script', 'style', 'svg', 'template']);
/** Where a page says what is the matter. */
const TELLING = new Set(['title', 'h1', 'h2', 'p']);
/** The same in the XML of S3, Azure and Google storage. Their other elements repeat requests and signatures. */
const TELLING_XML = new Set(['code', 'message', 'details', 'authenticationerrordetail']);

/** How pages for browsers begin; an image index never does. */
const PAGE =
  /^\s*(?:<!--|<!doctype html|<(?:html|head|body|title|meta|link|script|style|div|center|main|h1|p|form|iframe|table|br)\b)/i;

/** Whether a text is a page made for browsers, and not what a registry answers. */
export function isPage(text: string): boolean {
  return PAGE.test(text.slice(0, 1024).replace(/^\s*<\?xml[^>]*>/, ''));
}

/** Whether an answer calls itself a page. Some registries do that where they send nothing at all. */
export function isHtml(headers: { readonly 'content-type'?: string | undefined }): boolean {
  return /^\s*text\/html\b/i.test(headers['content-type'] ?? '');
}

/**
 * What a page says in short, as its title and its first paragraphs, or what a storage's XML gives as the reason. Not cut,
 * so that secrets can still be found in it.
 */
export function wordsOfMarkup(markup: string): string {
  const page = isPage(markup);
  const { told, rest } = elementsOf(markup, page ? TELLING : TELLING_XML);
  if (!page && told.length > 0) return told.map(({ text }) => text).join(': ');
  const titles = told.filter(({ name }) => name === 'title');
  const others = told.filter(({ name }) => name !== 'title');
  const parts = [...titles.slice(0, 1), ...others].map(({ text }) => text);
  // Pages repeat their title as a heading.
  const words = parts.filter((text, at) => !parts.slice(0, at).some((before) => before.includes(text)));
  return words.length > 0 ? words.join(': ') : rest;
}

interface Element {
  readonly name: string;
  readonly text: string;
}

/** The elements with these names that hold any text, the outermost ones, in their order; and all other text. */
function elementsOf(markup: string, names: ReadonlySet<string>): { told: readonly Element[]; rest: string } {
  const told: Element[] = [];
  let rest = '';
  let inside: string | undefined;
  let text = '';
  const finish = (): void => {
    const found = folded(decoded(text));
    if (inside !== undefined && found !== '' && told.length < MOST) told.push({ name: inside, text: found });
    inside = undefined;
    text = '';
  };
  for (const piece of piecesOf(markup)) {
    if (piece.kind === 'text') {
      if (inside === undefined) rest += piece.text;
      else text += piece.text;
    } else if (inside === undefined && piece.kind === 'open' && names.has(piece.name)) inside = piece.name;
    else if (inside === piece.name) {
      finish();
      // A paragraph ends where the next begins.
      if (piece.kind === 'open') inside = piece.name;
    } else if (inside !== undefined) text += ' ';
    else rest += ' ';
  }
  finish();
  return { told, rest: folded(decoded(rest)) };
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open' | 'close'; readonly name: string };

/** Tags and the text between them. Never looks twice for an end that is not there: each missing one ends the walk. */
function* piecesOf(markup: string): Generator<Piece> {
  const lower = markup.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  for (let at = 0; at < markup.length; ) {
    const tag = markup.indexOf('<', at);
    yield { kind: 'text', text: markup.slice(at, tag < 0 ? undefined : tag) };
    if (tag < 0) return;
    const [begin, end] = bracketsAt(markup, tag);
    const close = markup.indexOf(end, tag + begin.length);
    if (close < 0) return;
    at = close + end.length;
    if (begin === '<![CDATA[') yield { kind: 'text', text: markup.slice(tag + begin.length, close) };
    if (begin !== '<') continue;
    const [, slash = '', name = ''] = /^<(\/?)([a-z][a-z0-9:-]{0,63})/.exec(lower.slice(tag, tag + 66)) ?? [];
    if (name === '') continue;
    yield { kind: slash ? 'close' : 'open', name };
    if (slash || !SILENT.has(name)) continue;
    at = lower.indexOf(`</${name}`, at);
    if (at < 0) return;
  }
}

function bracketsAt(markup: string, at: number): readonly [string, string] {
  if (markup.startsWith('<!--', at)) return ['<!--', '-->'];
  return markup.startsWith('<![CDATA[', at) ? ['<![CDATA[', ']]>'] : ['<', '>'];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
