/** The lines that a person copies to use an index that listens. */
import { INDEX_NAME, INDEX_USER } from '../../run/serving/client-environment.js';
import type { Serving } from '../../run/serving/serve-run.js';

/** What to set for each client, the most used first. The password is among them: that is what they are for. */
export function copyLines({ indexUrl, ownedUrl, uploadUrl, password, listed, fallback }: Serving): readonly string[] {
  const name = listed[0] ?? 'NAME';
  const upper = INDEX_NAME.toUpperCase();
  const secrets =
    password === undefined
      ? []
      : [
          `  export UV_INDEX_${upper}_USERNAME=${INDEX_USER} UV_INDEX_${upper}_PASSWORD=${password}`,
          `  export POETRY_HTTP_BASIC_${upper}_USERNAME=${INDEX_USER} POETRY_HTTP_BASIC_${upper}_PASSWORD=${password}`,
        ];
  return [
    `Serving ${listed.length ? listed.join(', ') : 'the packages that were asked for'}.`,
    fallback === undefined ? 'No other name is served.' : `All other names are left to ${fallback.href}`,
    '',
    'pip, and uv pip:',
    `  export PIP_INDEX_URL=${indexUrl} PIP_EXTRA_INDEX_URL=${indexUrl}`,
    `  pip install ${name}`,
    `  uv pip install --default-index ${indexUrl} ${name}`,
    'PDM and pipenv:',
    `  export PDM_PYPI_URL=${indexUrl} PIPENV_PYPI_MIRROR=${indexUrl}`,
    `uv and Poetry projects, with an index "${INDEX_NAME}" in pyproject.toml beside the usual one:`,
    `  ${ownedUrl}`,
    ...secrets,
    ...(uploadUrl === undefined
      ? []
      : [
          'To upload:',
          `  twine upload --repository-url ${uploadUrl} -u ${INDEX_USER} -p ${password} dist/*`,
          `  uv publish --publish-url ${uploadUrl} -u ${INDEX_USER} -p ${password}`,
        ]),
    '',
    'Ctrl-C stops it.',
  ];
}
