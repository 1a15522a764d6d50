// Makes docs/images/*.png: node scripts/pictures.mjs. Needs Chromium and crane (as .ci/run installs it) and npm.
// Publishes examples/dist with the built action to a registry on this machine, so both pictures show what is really
// written; only the registry's address is that of GitHub's.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registryPage } from './registry-page.mjs';

const WIDTH = 1080;
const root = fileURLToPath(new URL('..', import.meta.url));
const temp = mkdtempSync(join(tmpdir(), 'pyoci-publish-pictures-'));
const address = `localhost:${await freePort()}`;
const registry = spawn('crane', ['registry', 'serve', '--address', address], { stdio: 'ignore' });
try {
  await answering(`http://${address}/v2/`);
  const tools = ['marked@16.4.2', 'github-markdown-css@5.9.0'];
  execFileSync('npm', [
    'install',
    '--silent',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--prefix',
    temp,
    ...tools,
  ]);
  const style = readFileSync(join(temp, 'node_modules/github-markdown-css/github-markdown-light.css'), 'utf8');
  const { marked } = createRequire(join(temp, 'x.js'))('marked');
  picture('summary', page(style, marked.parse(onGitHub(summary()))));
  picture('registry', page(style, registryPage(await stored('octo-org/hello_pyoci', '0.1.0'))));
} finally {
  registry.kill();
  rmSync(temp, { recursive: true, force: true });
}

/** What the step writes for the page of its run. */
function summary() {
  const files = { GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary', GITHUB_STATE: 'state' };
  for (const name of Object.values(files)) writeFileSync(join(temp, name), '');
  const paths = Object.entries(files).map(([variable, name]) => [variable, join(temp, name)]);
  execFileSync(process.execPath, [join(root, 'dist/index.js')], {
    cwd: root,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: temp,
      RUNNER_TEMP: temp,
      ...Object.fromEntries(paths),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: root,
      GITHUB_REPOSITORY: 'octo-org/hello-pyoci',
      GITHUB_REPOSITORY_OWNER: 'octo-org',
      GITHUB_RUN_ID: '1',
      SOURCE_DATE_EPOCH: '1767225600',
      INPUT_FILES: 'examples/dist/*',
      INPUT_REGISTRY: address,
      INPUT_COORDINATION: 'journal',
    },
  });
  return readFileSync(join(temp, 'summary'), 'utf8');
}

/** The documents behind a tag, as the registry gives them. */
async function stored(repository, tag) {
  const get = async (reference) => {
    const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
    const answer = await fetch(`http://${address}/v2/${repository}/manifests/${reference}`, { headers: { accept } });
    return { digest: answer.headers.get('docker-content-digest'), document: await answer.json() };
  };
  const index = await get(tag);
  const files = await Promise.all(index.document.manifests.map(({ digest }) => get(digest)));
  return { image: `ghcr.io/${repository}`, tag, index, files };
}

function onGitHub(text) {
  return text.replaceAll(`http%3A%2F%2F${encodeURIComponent(address)}`, 'ghcr.io').replaceAll(address, 'ghcr.io');
}

function page(style, body) {
  return `<!doctype html><meta charset="utf-8"><style>${style}
    body { margin: 0; background: #fff }
    .markdown-body { box-sizing: border-box; width: ${WIDTH}px; padding: 24px 32px; font-family: "Liberation Sans", Arial, sans-serif }
    .markdown-body > h2:first-of-type { margin-top: 0 }
    .markdown-body code, .markdown-body pre { font-family: "Liberation Mono", monospace }
  </style><body><article class="markdown-body">${body}</article>`;
}

/** A screenshot as high as the page is. */
function picture(name, html) {
  const path = join(temp, `${name}.html`);
  writeFileSync(path, `${html}<script>document.title = document.documentElement.scrollHeight</script>`);
  const common = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    `--user-data-dir=${temp}/chromium`,
  ];
  const run = (...args) =>
    execFileSync('chromium', [...common, ...args, `file://${path}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [, height = '800'] =
    /<title>(\d+)<\/title>/.exec(run(`--window-size=${WIDTH},100`, '--dump-dom').toString()) ?? [];
  const to = join(root, `docs/images/${name}.png`);
  run(`--window-size=${WIDTH},${height}`, '--force-device-scale-factor=1.5', `--screenshot=${to}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

async function answering(url) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot reach ${url}: is crane installed?`);
}
