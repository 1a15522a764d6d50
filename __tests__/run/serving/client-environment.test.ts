import { CLIENTS, clientEnvironment, USUAL_CLIENTS } from '../../../src/run/serving/client-environment.js';

const INDEX = { indexUrl: 'http://pyoci:s3cret@127.0.0.1:8417/ghcr.io/o/simple/', password: 's3cret' };

describe('the variables for clients', () => {
  it('lead pip, PDM and pipenv there, and sign in those whose project files name the index', () => {
    expect(clientEnvironment(INDEX, USUAL_CLIENTS, {})).toEqual({
      PIP_INDEX_URL: INDEX.indexUrl,
      PIP_EXTRA_INDEX_URL: INDEX.indexUrl,
      PDM_PYPI_URL: INDEX.indexUrl,
      PIPENV_PYPI_MIRROR: INDEX.indexUrl,
      UV_INDEX_PYOCI_USERNAME: 'pyoci',
      UV_INDEX_PYOCI_PASSWORD: 's3cret',
      POETRY_HTTP_BASIC_PYOCI_USERNAME: 'pyoci',
      POETRY_HTTP_BASIC_PYOCI_PASSWORD: 's3cret',
    });
  });

  it('lead uv there only when asked', () => {
    expect(clientEnvironment(INDEX, CLIENTS, {})).toMatchObject({ UV_DEFAULT_INDEX: INDEX.indexUrl });
    expect(clientEnvironment(INDEX, USUAL_CLIENTS, {})).not.toHaveProperty('UV_DEFAULT_INDEX');
  });

  it('sign nobody in where there is no password', () => {
    expect(clientEnvironment({ ...INDEX, password: undefined }, ['names'], {})).toEqual({});
  });

  it.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])('go past a proxy that %s sets', (name) => {
    const env = { [name]: 'http://proxy:3128', no_proxy: 'a.example', NO_PROXY: ' b.example, a.example' };
    const both = 'a.example,b.example,127.0.0.1,localhost';
    expect(clientEnvironment(INDEX, [], env)).toEqual({ no_proxy: both, NO_PROXY: both });
  });

  it('say nothing of proxies where none is set: that would switch off those of the system', () => {
    expect(clientEnvironment(INDEX, [], { no_proxy: 'a.example' })).toEqual({});
  });
});
