/** Takes uploads in for the package index: checks each file as every file is checked, and publishes it. */
import { tmpdir } from 'node:os';
import { checkFiles } from '../../check/check.js';
import type { VersionGroup } from '../../check/version-group.js';
import { FilesError, type UserError } from '../../core/errors.js';
import type { TransferProgress } from '../../core/ports.js';
import type { GitHubJob } from '../../github/job.js';
import { PATIENCE } from '../../oci/registry/transport/retry.js';
import { Incoming } from '../../publish/incoming/incoming.js';
import { TakenError } from '../../release/merge/merge-errors.js';
import { takeUpload } from '../../serve/uploads/upload-answers.js';
import { type Received, type Upload, UploadRefusedError } from '../../serve/uploads/upload-desk.js';
import type { OwnedNames } from '../../simple/owned-names.js';
import { openStore, type StorePlace } from '../open-store.js';
import { createdAt } from '../settings/created.js';
import { commandPrefix } from '../settings/image-name.js';
import type { Place } from '../settings/place.js';
import type { World } from '../world.js';
import type { Uploads } from './serve-run.js';
import type { ServeSettings } from './serve-settings.js';
import { keepAttestations } from './upload-attestations.js';

/** The client that uploads shows how far it is. */
const UNSEEN: TransferProgress = { start: () => {}, more: () => {}, sent: () => {}, done: () => {}, end: () => {} };

/** Uploads under way at a time. */
const CONCURRENCY = 4;

/**
 * A store of its own: pages are read with the right to read alone, and answered sooner than a push may take.
 * @throws UserError if the credentials make no sense; UsageError for a wrong SOURCE_DATE_EPOCH
 */
export async function openUploads(
  settings: Pick<ServeSettings, 'place' | 'login'>,
  owned: OwnedNames,
  job: GitHubJob | undefined,
  world: World,
): Promise<Uploads> {
  const { clock, env } = world;
  const { place, login } = settings;
  createdAt(env.SOURCE_DATE_EPOCH, clock.now());
  const patience = { ...PATIENCE, totalBudget: Number.POSITIVE_INFINITY };
  const opened = await openStore(storePlaceOf(place), { login, readOnly: false, lasting: true }, job, {
    ...world,
    patience,
  });
  const losses: UserError[] = [];
  const incoming = new Incoming(
    {
      store: opened.store,
      registry: opened.origin?.host,
      commandPrefix: commandPrefix(opened.origin, place.kind === 'layout' ? place.folder : undefined),
      ifExists: 'error',
      protection: place.kind === 'layout' ? { kind: 'lock' } : { kind: 'settle', openJournal: undefined, rerun: false },
      concurrency: CONCURRENCY,
    },
    { ...world, progress: UNSEEN },
    (loss) => losses.push(loss),
  );
  const receive = async (upload: Upload): Promise<Received> => {
    const version = await checked(upload, owned, world);
    const context = {
      created: createdAt(env.SOURCE_DATE_EPOCH, clock.now()),
      annotations: { manifest: {}, index: {}, defaults: true },
      run: job?.run,
    };
    const namespace = namespaceOf(version, owned);
    try {
      const arrived = await incoming.publish({ version, sha256: upload.sha256, namespace, context });
      return { project: version.project, ...arrived };
    } catch (error) {
      throw error instanceof TakenError ? taken(error) : error;
    }
  };
  return {
    take: (request, response) => takeUpload(request, response, { desk: { receive }, folder: env.TMPDIR || tmpdir() }),
    close: async () => {
      await incoming.settled();
      await incoming.close();
      opened.close();
      return losses;
    },
  };
}

/** The file, and its attestations, after the checks that every file passes before it is published. @throws UploadRefusedError */
async function checked(upload: Upload, owned: OwnedNames, { log, signal }: World): Promise<VersionGroup> {
  const { path, filename } = upload;
  const beside = await keepAttestations(upload);
  const { versions, warnings } = await checkFiles([path], signal, { beside, named: [] }).catch((error: unknown) => {
    throw error instanceof FilesError ? failedChecks(filename, error) : error;
  });
  const [version] = versions;
  if (!version) throw new Error(`${filename} was checked and is not there`);
  if (!owned.find(version.project)) {
    throw new UploadRefusedError(
      403,
      `${version.project} is not among the packages of this index`,
      `Cannot publish ${filename}: ${version.project} is not among the packages of this index`,
      { hint: `start the index with --packages ${version.project}` },
    );
  }
  for (const { message, hint } of warnings) {
    log.warning(`${filename}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
  }
  return version;
}

function failedChecks(filename: string, { problems }: FilesError): UploadRefusedError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const told = errors.map(({ message, hint }) => `${message}${hint === undefined ? '' : ` (${hint})`}`);
  return new UploadRefusedError(
    400,
    `${filename}: ${first?.message ?? 'it failed the checks'}`,
    `Cannot publish ${filename}: ${told.join('; ')}`,
  );
}

function taken({ message, digests }: TakenError): UploadRefusedError {
  const [{ there = 'unknown', here } = { there: undefined, here: 'unknown' }] = digests;
  return new UploadRefusedError(
    400,
    `File already exists: sha256:${there} is published, sha256:${here} was sent`,
    `File already exists. ${message}`,
    { hint: 'raise the version' },
  );
}

function namespaceOf({ project }: VersionGroup, owned: OwnedNames): string {
  const repository = owned.find(project)?.repository ?? '';
  return repository.slice(0, Math.max(0, repository.lastIndexOf('/')));
}

function storePlaceOf(place: Place): StorePlace {
  return place.kind === 'layout'
    ? { kind: 'layout', folder: place.folder }
    : { kind: 'registry', origin: place.origin, within: place.namespace };
}
