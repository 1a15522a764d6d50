import { distributions, type Facts, ofProject } from './support/distributions.js';
import { readIndex } from './support/judgement.js';
import { errorsOf, Stage, statusesOf } from './support/stage.js';

const { published, rebuilt, later } = distributions();
const flit = ofProject(published, 'demo-flit');
const poetry = ofProject(published, 'demo-poetry');
const wheel = wheelOf(flit);
const otherWheel = wheelOf(rebuilt);

describe('a wheel that was rebuilt under its published name', () => {
  let stage: Stage;
  const files = [otherWheel, ...flit.filter((file) => file !== wheel)];
  const sdist = files[1] as Facts;

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(flit);
    expect(await stage.publish()).toMatchObject({ code: 0 });
    stage.workspace.hold(files);
  });
  beforeEach(() => stage.recorder.reset());
  afterAll(() => stage.close());

  const listed = async () => {
    const { manifests } = await readIndex(stage.reader, 'owner/demo_flit', '0.3.0');
    return new Set(manifests.map(({ annotations }) => annotations?.['com.pyoci.sha256_digest']));
  };
  const before = new Set([sdist.sha256, wheel.sha256]);

  it('fails the step, naming the file and both digests, and writes nothing', async () => {
    const result = await stage.publish();
    expect(result.code).toBe(1);
    const errors = errorsOf(result).join('\n');
    for (const part of [wheel.file, wheel.sha256, otherWheel.sha256]) expect(errors).toContain(part);
    expect(stage.recorder.writes).toEqual([]);
    expect(await listed()).toEqual(before);
  });

  it('is left out with "skip", and the step succeeds', async () => {
    const result = await stage.publish({ 'if-exists': 'skip' });
    expect({ code: result.code, statuses: statusesOf(result) }).toEqual({
      code: 0,
      statuses: { [wheel.file]: 'skipped', [sdist.file]: 'unchanged' },
    });
    expect(stage.recorder.writes).toEqual([]);
    expect(await listed()).toEqual(before);
  });

  it('takes the place of the published one with "replace"', async () => {
    const result = await stage.publish({ 'if-exists': 'replace' });
    expect({ code: result.code, statuses: statusesOf(result) }).toEqual({
      code: 0,
      statuses: { [wheel.file]: 'replaced', [sdist.file]: 'unchanged' },
    });
    expect(await listed()).toEqual(new Set([sdist.sha256, otherWheel.sha256]));
    const blob = `sha256:${otherWheel.sha256}`;
    expect(await stage.reader.blob('owner/demo_flit', blob)).toEqual({ digest: blob, size: otherWheel.size });
  });
});

describe('two packages and three versions in one folder, one of them in conflict', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold([wheel]);
    expect(await stage.publish()).toMatchObject({ code: 0 });
  });
  afterAll(() => stage.close());

  it('publishes the others, fails the step, and the annotation names the one', async () => {
    stage.workspace.hold([otherWheel, ...later, ...poetry]);
    const result = await stage.publish();
    expect(result.code).toBe(1);

    const errors = errorsOf(result);
    expect(errors.join('\n')).toContain(otherWheel.file);
    for (const { file } of [...later, ...poetry]) expect(errors.join('\n')).not.toContain(file);

    const fine = [...later, ...poetry].map(({ file }) => [file, 'published']);
    expect(statusesOf(result)).toEqual(Object.fromEntries(fine));
    expect(result.outputs).toMatchObject({ name: 'demo-flit\ndemo-poetry', version: '0.4.0\n2.0.post1' });
    expect(result.files.result).toContain(otherWheel.file);

    expect(new Set(await stage.reader.tags('owner/demo_flit'))).toEqual(new Set(['0.3.0', '0.4.0']));
    expect((await readIndex(stage.reader, 'owner/demo_flit', '0.4.0')).manifests).toHaveLength(2);
    expect((await readIndex(stage.reader, 'owner/demo_poetry', '2.0.post1')).manifests).toHaveLength(2);
    const [only] = (await readIndex(stage.reader, 'owner/demo_flit', '0.3.0')).manifests;
    expect(only?.annotations?.['com.pyoci.sha256_digest']).toBe(wheel.sha256);
  });
});

function wheelOf(files: readonly Facts[]): Facts {
  const found = files.find(({ file }) => file.endsWith('.whl'));
  if (found === undefined) throw new Error('Cannot find the wheel among the distributions');
  return found;
}
