/** Pages of the index as HTML. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#base-html-api */
import { addressFromPage } from './file-address.js';
import type { Project, ProjectFile } from './project.js';

/** The page of a project. */
export function projectHtml({ name, files }: Project): string {
  return page(`Links for ${name}`, files.map(fileLink));
}

/** The list of projects. @param names in normal form */
export function rootHtml(names: readonly string[]): string {
  return page(
    'Packages',
    names.map((name) => link(`${name}/`, {}, name)),
  );
}

function fileLink(file: ProjectFile): string {
  const { filename, sha256, requiresPython, coreMetadata, yanked } = file;
  const attributes = {
    'data-requires-python': requiresPython,
    'data-core-metadata': typeof coreMetadata === 'string' ? `sha256=${coreMetadata}` : coreMetadata && 'true',
    'data-yanked': yanked === true ? '' : yanked,
  };
  return link(`${addressFromPage(file)}#sha256=${sha256}`, attributes, filename);
}

function link(href: string, attributes: Readonly<Record<string, string | undefined>>, text: string): string {
  const given = Object.entries({ href, ...attributes }).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${escaped(value)}"`],
  );
  return `    <a${given.join('')}>${escaped(text)}</a><br>`;
}

function page(title: string, links: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="1.4">
    <title>${escaped(title)}</title>
  </head>
  <body>
    <h1>${escaped(title)}</h1>
${links.join('\n')}
  </body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}
