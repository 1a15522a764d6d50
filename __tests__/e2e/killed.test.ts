import { distributions, ofProject } from './support/distributions.js';
import { expectVersion, expectWhole } from './support/judgement.js';
import { type Registry, startCrane, startTokenDistribution } from './support/registries.js';
import { CREATED, Stage } from './support/stage.js';

const files = ofProject(distributions().published, 'demo-flit');

/** More requests than a run of two files can need. */
const MOST_REQUESTS = 100;

/** The first refuses references to nothing, as most do; the second takes a manifest whatever blobs it names. */
const KINDS = [
  ['distribution', startTokenDistribution, 'auto'],
  ['crane', startCrane, 'off'],
] as const;

describe.each(KINDS)('a run that is killed, on %s', (name, start, coordination) => {
  it('at any request leaves no tag with a reference to nothing, and the next run completes it', async () => {
    let number = 1;
    // A new registry each time: some hold what one repository has ready for all others, and would hide a gap.
    while (await withStage((stage) => survives(stage, number))) number += 1;
    // Two reads, an upload of each blob, two manifests, the tag and its reading back, to say the least.
    process.stdout.write(`${name}: killed at each of ${number - 1} requests\n`);
    expect(number).toBeGreaterThan(8);
  }, 900_000);

  const withStage = async <T>(work: (stage: Stage<Registry>) => Promise<T>): Promise<T> => {
    const stage = await Stage.on<Registry>(start);
    try {
      stage.workspace.hold(files);
      return await work(stage);
    } finally {
      await stage.close();
    }
  };

  /** Resolves to `false` if the run was over before its request of that number. */
  const survives = async (stage: Stage<Registry>, number: number): Promise<boolean> => {
    if (number > MOST_REQUESTS) throw new Error(`The run makes more than ${MOST_REQUESTS} requests`);
    if (!(await killedAt(stage, number))) return false;
    await expectWhole(stage.reader, 'owner/demo_flit');
    expect({ number, ...(await stage.publish({ coordination })) }).toMatchObject({ number, code: 0 });
    await expectVersion(stage.reader, files, CREATED);
    return true;
  };

  /** Kills the run as its request of this number arrives, before the registry sees it. Tells whether it got so far. */
  const killedAt = async (stage: Stage<Registry>, number: number): Promise<boolean> => {
    let kill: () => void = () => undefined;
    stage.recorder.gate = (at) => {
      if (at === number) kill();
      return at < number;
    };
    const { code } = await stage.publish(
      { coordination },
      {
        started: (child) => {
          kill = () => child.kill('SIGKILL');
        },
      },
    );
    stage.recorder.reset();
    if (code !== null && code !== 0) throw new Error(`The run failed with ${code} before request ${number}`);
    return code === null;
  };
});
