import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import {
  absent,
  CONFIG,
  challenged,
  created,
  LAYER,
  opened,
  publishTo,
  replaying,
  theTags,
  usual,
  withoutNetwork,
} from '../../../support/recorded-exchange.js';
import { refusal } from '../../../support/registry/exchange.js';

withoutNetwork();

const AWS: Credentials = { kind: 'basic', username: 'AWS', password: 'of-12-hours', source: 'the test' };
const BASIC = `Basic ${Buffer.from('AWS:of-12-hours').toString('base64')}`;
const at = 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const amazon = usual(at, 'octo/foo');
const CHALLENGE = `Basic realm="${at}/",service="ecr.amazonaws.com"`;

describe('Amazon ECR', () => {
  it('takes the password as it is, with no exchange for a token, and mounts nothing', async () => {
    const { repository, end } = replaying(at, 'octo/foo', AWS, [
      amazon.readTag(undefined, challenged(CHALLENGE)),
      amazon.readTag(BASIC, absent()),
      amazon.listTags(BASIC, theTags()),
      amazon.post(BASIC, opened(`${at}/v2/octo/foo/blobs/uploads/1`)),
      { ask: `PUT ${at}/v2/octo/foo/blobs/uploads/1?digest=${CONFIG}`, as: BASIC, answer: created() },
      amazon.mount(BASIC, opened(`${at}/v2/octo/foo/blobs/uploads/2`)),
      { ask: `PUT ${at}/v2/octo/foo/blobs/uploads/2?digest=${LAYER.digest}`, as: BASIC, answer: created() },
      amazon.putManifest(BASIC, created()),
      amazon.putIndex(BASIC, created()),
      amazon.readBack(BASIC),
    ]);
    expect(await publishTo(repository)).toEqual([]);
    end();
  });

  it('can be told to let no tag be written twice: the write comes once, and the error has the command for it', async () => {
    const said = "The image tag '1.0' already exists in the 'octo/foo' repository and cannot be overwritten";
    const { repository, end } = replaying(at, 'octo/foo', AWS, [
      amazon.readTag(undefined, absent()),
      amazon.listTags(undefined, theTags('1.0')),
      amazon.post(undefined, created()),
      amazon.mount(undefined, created()),
      amazon.putManifest(undefined, created()),
      amazon.putIndex(undefined, refusal(400, 'TAG_INVALID', `${said} because the tag is immutable.`)),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      temporary: false,
      mayHaveApplied: false,
      hint: expect.stringContaining('put-image-tag-mutability --region eu-west-1 --repository-name octo/foo'),
    });
    end();
  });

  it('wants the repository to be made first: after one refusal the error has the command for it', async () => {
    const said = "The repository with name 'octo/foo' does not exist in the registry with id '123456789012'";
    const unknown = refusal(404, 'NAME_UNKNOWN', said);
    const { repository, end } = replaying(at, 'octo/foo', AWS, [
      amazon.readTag(undefined, challenged(CHALLENGE)),
      amazon.readTag(BASIC, unknown),
      amazon.listTags(BASIC, unknown),
      amazon.post(BASIC, unknown),
    ]);
    await expect(publishTo(repository)).rejects.toMatchObject({
      status: 404,
      hint: expect.stringContaining('aws ecr create-repository --region eu-west-1 --repository-name octo/foo'),
    });
    end();
  });
});
