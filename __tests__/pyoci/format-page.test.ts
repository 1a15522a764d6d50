import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readBeside } from '../../src/check/attachments/beside.js';
import { fileBytes } from '../../src/core/bytes.js';
import { digestOf } from '../../src/core/digest.js';
import { indexAnnotations } from '../../src/pyoci/annotations.js';
import { attachmentEntry, attachmentManifest } from '../../src/pyoci/attachment/attachment-manifest.js';
import { ANY_BYTES, CYCLONEDX, PEP_740, SIGSTORE_BUNDLE, SPDX, SUFFIXES } from '../../src/pyoci/attachment/kinds.js';
import type { DocumentContext } from '../../src/pyoci/context.js';
import { configOf, entryDescriptor, fileManifest } from '../../src/pyoci/file-manifest.js';
import { withEntries } from '../../src/pyoci/version-index.js';
import { type Distribution, readDistribution } from '../../src/python/distribution.js';
import { subjectOf } from '../support/attachments.js';

const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
const examples = new URL('../../examples/dist/', import.meta.url);
const context: DocumentContext = {
  created: '2026-01-01T00:00:00Z',
  annotations: { manifest: {}, index: {}, defaults: true },
  run: undefined,
};

describe('docs/format.md', () => {
  const [index, wheelManifest, attachedEntry, attachedManifest, layoutIndex] = [
    ...page.matchAll(/```json\n(.*?)```/gs),
  ].map(([, json]) => JSON.stringify(JSON.parse(json ?? '')));

  it('shows the very documents that the examples become', async () => {
    const wheel = await example('hello_pyoci-0.1.0-py3-none-any.whl');
    const sdist = await example('hello_pyoci-0.1.0.tar.gz');
    const entries = [wheel, sdist].map(({ file, manifest }) => ({
      architecture: file.architecture,
      sha256: undefined,
      descriptor: entryDescriptor(file, manifest, context),
    }));
    const document = withEntries(undefined, entries, indexAnnotations([wheel.file, sdist.file], context));
    expect(index).toBe(document.bytes.toString());
    expect(wheelManifest).toBe(wheel.manifest.bytes.toString());
    expect(layoutIndex).toContain(`"digest":"${document.descriptor.digest}","size":${document.descriptor.size}`);
  });

  it('shows the very documents that the SBOM in the examples becomes', async () => {
    const wheel = await example('hello_pyoci-0.1.0-py3-none-any.whl');
    const { sha256 } = subjectOf('', readFileSync(new URL(wheel.file.filename, examples)));
    const name = `${wheel.file.filename}.cdx.json`;
    const path = fileURLToPath(new URL(`../attached/${name}`, examples));
    const { filename, architecture } = wheel.file;
    const attachment = await readBeside(path, '.cdx.json', { filename, architecture, sha256 });
    const facts = { ...attachment, size: attachment.bytes.size };
    const manifest = attachmentManifest(facts, context.created);
    const about = { sha256, manifest: wheel.manifest.descriptor.digest };
    const entry = attachmentEntry(facts, manifest, about, context.created);
    expect(attachedManifest).toBe(manifest.bytes.toString());
    expect(attachedEntry).toBe(JSON.stringify(entry.descriptor));
  });

  it('names every suffix with its media type', () => {
    for (const suffix of SUFFIXES) expect(page).toContain(`\`${suffix}\``);
    for (const type of [PEP_740, SIGSTORE_BUNDLE, CYCLONEDX, SPDX, ANY_BYTES]) expect(page).toContain(`\`${type}\``);
  });

  it('says the time that its command sets', () => {
    const [, epoch] = /SOURCE_DATE_EPOCH=(\d+)/.exec(page) ?? [];
    expect(new Date(Number(epoch) * 1000).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });
});

async function example(name: string): Promise<{ file: Distribution; manifest: ReturnType<typeof fileManifest> }> {
  const url = new URL(name, examples);
  const { distribution, problems } = await readDistribution(fileURLToPath(url), await fileBytes(fileURLToPath(url)));
  expect(problems).toEqual([]);
  if (!distribution) throw new Error(`${name} was not read`);
  await distribution.bytes.close();
  const bytes = readFileSync(url);
  const { descriptor: config } = configOf(distribution, false);
  const manifest = fileManifest(distribution, { digest: digestOf(bytes), size: bytes.length }, context, config);
  return { file: distribution, manifest };
}
