/** What stands on a project page of the simple API. */
export interface Page {
  readonly seconds: number;
  readonly files: number;
  /** Whole address of the file whose name begins so. @throws Error if there is none */
  readonly file: (prefix: string) => string;
}

/** @param root of a simple API, with credentials if it asks for some */
export async function page(root: string, project = 'foo'): Promise<Page> {
  const url = new URL(`${project}/`, root);
  const authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
  const headers = { accept: 'application/vnd.pypi.simple.v1+json, text/html;q=0.5', authorization };
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  const began = performance.now();
  const answer = await fetch(bare, { headers });
  const text = await answer.text();
  const seconds = (performance.now() - began) / 1000;
  if (!answer.ok) throw new Error(`Cannot read ${bare.href}: ${answer.status} ${text.slice(0, 300)}`);
  const links = answer.headers.get('content-type')?.includes('json') ? linksOfJson(text) : linksOfHtml(text);
  return {
    seconds,
    files: links.length,
    file: (prefix) => {
      const found = links.find((link) => link.split('/').at(-1)?.startsWith(prefix));
      if (found === undefined) throw new Error(`Cannot find ${prefix} in ${bare.href}`);
      // Relative to the address with credentials, which it keeps.
      return new URL(found, url).href;
    },
  };
}

function linksOfJson(text: string): readonly string[] {
  const { files } = JSON.parse(text) as { readonly files: readonly { readonly url: string }[] };
  return files.map(({ url }) => url);
}

function linksOfHtml(text: string): readonly string[] {
  return [...text.matchAll(/href="([^"#]+)/g)].map(([, link = '']) => link);
}
