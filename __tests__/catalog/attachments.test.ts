import { namesOf } from '../../src/catalog/attachments.js';
import type { IndexedAttachment } from '../../src/catalog/version.js';
import { digestOf } from '../../src/core/digest.js';

const layer = { mediaType: 'm', digest: digestOf(Buffer.from('x')), size: 1 };

function attachment(served: string, title?: string): IndexedAttachment {
  const content = title === undefined ? undefined : { layer, annotations: {}, title };
  return { served, architecture: '.x', type: 'sbom', about: undefined, declared: undefined, manifest: layer, content };
}

const names = (...attachments: readonly IndexedAttachment[]) => namesOf(attachments).map(({ name }) => name);

describe('the name of an attachment', () => {
  it.each(['sbom.cdx.json', 'Stückliste der Software.json', 'foo-1.0-py3-none-any.whl.publish.attestation'])(
    'is the one that it was given: %s',
    (title) => {
      expect(names(attachment('foo-1.0.cdx.json', title))).toEqual([title]);
    },
  );

  it('follows from its place where nothing says it', () => {
    expect(names(attachment('foo-1.0.cdx.json'))).toEqual(['foo-1.0.cdx.json']);
  });

  it.each([
    '../../.bashrc',
    '/etc/passwd',
    String.raw`..\up.json`,
    '.hidden',
    '..',
    '',
    ' x',
    'x ',
    'x.',
    'a\nb',
    'a\u202eb',
    'c:x',
    'sha256:1.json',
    'x'.repeat(201),
    'evil-9.9-py3-none-any.whl',
    'evil-9.9.tar.gz',
  ])('is never one that leaves its folder or that installers take for a package: %j', (title) => {
    expect(names(attachment('foo-1.0.cdx.json', title))).toEqual(['foo-1.0.cdx.json']);
  });

  it('is none where neither can be trusted', () => {
    expect(names(attachment('foo-1.0-py3-none-any.whl', '../x'), attachment('foo-1.0/../x'))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('is that of its place where several were given one name, whatever the case', () => {
    expect(
      names(
        attachment('foo-1.0.a.sigstore.json', 'attestation.json'),
        attachment('foo-1.0.b.sigstore.json', 'Attestation.json'),
      ),
    ).toEqual(['foo-1.0.a.sigstore.json', 'foo-1.0.b.sigstore.json']);
    expect(names(attachment('foo-1.0.a', 'foo-1.0.b'), attachment('foo-1.0.b', 'x'))).toEqual(['foo-1.0.a', 'x']);
  });
});
