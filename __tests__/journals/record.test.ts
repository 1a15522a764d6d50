import { createHash } from 'node:crypto';
import { decodeRecord, encodeRecord, subjectOf } from '../../src/journals/record.js';
import { annotationsOf } from '../../src/oci/descriptor.js';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.js';
import type { Claim } from '../../src/release/merge/journal.js';
import { member, stored, WatchedRepository } from './meeting.js';

const { meeting, author, created } = member();
const SUBJECT =
  '{"mediaType":"application/vnd.pyoci-publish.version.v1+json","repository":"owner/demo","tag":"1.0","run":"4711"}';

async function record(claims: readonly Claim[]) {
  return encodeRecord(claims, meeting, { author, created }, subjectOf(meeting));
}

describe('a record', () => {
  it('is an image index without a tag that looks like this', async () => {
    const claim = await stored(new WatchedRepository(), 'py3-none-any.whl');
    const { value } = await record([{ ...claim, replaces: { sha256: 'ab', manifest: 'sha256:cd' } }]);
    expect(value).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      artifactType: 'application/vnd.pyoci-publish.record.v1+json',
      manifests: [claim.entry.descriptor],
      subject: {
        mediaType: 'application/vnd.pyoci-publish.version.v1+json',
        digest: `sha256:${createHash('sha256').update(SUBJECT).digest('hex')}`,
        size: SUBJECT.length,
      },
      annotations: {
        'org.opencontainers.image.created': created,
        'vnd.pyoci-publish.repository': 'owner/demo',
        'vnd.pyoci-publish.tag': '1.0',
        'vnd.pyoci-publish.run': '4711',
        'vnd.pyoci-publish.leg': 'build/0',
        'vnd.pyoci-publish.attempt': '1',
        'vnd.pyoci-publish.claims': JSON.stringify([
          { entry: claim.entry.descriptor, replaces: { sha256: 'ab', manifest: 'sha256:cd' } },
        ]),
      },
    });
  });

  it('gives its claims back, with who made them', async () => {
    const claim = await stored(new WatchedRepository(), 'py3-none-any.whl');
    const { value } = await record([claim]);
    expect(decodeRecord(annotationsOf(value), meeting)).toEqual([{ ...claim, author }]);
  });

  it.each([
    ['repository', { ...meeting, repository: parseRepositoryName('owner/other') }],
    ['tag', { ...meeting, tag: parseTag('1.1') }],
    ['run', { ...meeting, run: '4712' }],
  ])('of another %s is none', async (_, other) => {
    const { value } = await record([await stored(new WatchedRepository(), 'x')]);
    expect(decodeRecord(annotationsOf(value), other)).toBeUndefined();
    expect(subjectOf(other).digest).not.toBe(subjectOf(meeting).digest);
  });

  it.each([
    ['no claims', undefined],
    ['claims that are no JSON', '[{'],
    ['claims that are no list', '{}'],
    ['a claim without a descriptor', '[{"replaces": null}]'],
    ['a claim without an architecture', '[{"entry": {"mediaType": "m", "digest": "sha256:00", "size": 1}}]'],
  ])('with %s is none', async (_, claims) => {
    const { value } = await record([]);
    const { 'vnd.pyoci-publish.claims': _claims, ...rest } = annotationsOf(value);
    const annotations = claims === undefined ? rest : { ...rest, 'vnd.pyoci-publish.claims': claims };
    expect(decodeRecord(annotations, meeting)).toBeUndefined();
  });

  it('that does not say whose attempt it is counts, as nobody’s', async () => {
    const claim = await stored(new WatchedRepository(), 'x');
    const { value } = await record([claim]);
    const annotations = { ...annotationsOf(value), 'vnd.pyoci-publish.attempt': 'first' };
    expect(decodeRecord(annotations, meeting)).toEqual([{ ...claim, author: undefined }]);
  });
});
