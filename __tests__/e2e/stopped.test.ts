import { ChaosProxy } from './support/chaos.js';
import { distributions, ofProject } from './support/distributions.js';
import { Elsewhere } from './support/elsewhere.js';
import type { Fault } from './support/fault.js';
import { expectVersion, expectWhole } from './support/judgement.js';
import { CREATED, errorsOf, Stage } from './support/stage.js';

const files = ofProject(distributions().published, 'demo-flit');
const [{ version = '' } = {}] = files;
const DONE = `published: demo-flit ${version}`;

/** More requests than a run of two files can need. */
const MOST_REQUESTS = 100;

describe('a run that is told to stop', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(files);
  });
  afterAll(() => stage.close());

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s at any request says truly what is listed, lists nothing by half, and is completed by the next run',
    async (signal) => {
      let number = 1;
      while (await stopsAt(signal, number)) number += 1;
      process.stdout.write(`${signal}: stopped at each of ${number - 1} requests\n`);
      expect(number).toBeGreaterThan(8);
    },
    900_000,
  );

  /** Sends the signal as the request of this number arrives, and lets that pass. Tells whether the run got so far. */
  const stopsAt = async (signal: 'SIGINT' | 'SIGTERM', number: number): Promise<boolean> => {
    if (number > MOST_REQUESTS) throw new Error(`The run makes more than ${MOST_REQUESTS} requests`);
    const namespace = `owner/${signal.toLowerCase()}-${number}`;
    let stop: () => void = () => undefined;
    stage.recorder.gate = (at) => {
      if (at === number) stop();
      return true;
    };
    const result = await stage.publish(
      { namespace, coordination: 'off' },
      {
        started: (child) => {
          stop = () => child.kill(signal);
        },
      },
    );
    const met = stage.recorder.requests.length >= number;
    stage.recorder.reset();
    if (!met) return false;
    const listed = (await stage.reader.tags(`${namespace}/demo_flit`)).length > 0;
    const what = listed ? DONE : 'nothing was published';
    const said = errorsOf(result).at(-1)?.split('\n', 1)[0];
    // The answer to the last reading may overtake the signal: then the run was over, and says so truly.
    const over = listed && said === undefined;
    expect({ number, code: result.code, said }).toEqual({
      number,
      code: over ? 0 : 1,
      said: over ? undefined : `Cannot finish: stopped by ${signal}; ${what}`,
    });
    await expectWhole(stage.reader, `${namespace}/demo_flit`);
    expect({ number, ...(await stage.publish({ namespace, coordination: 'off' })) }).toMatchObject({ number, code: 0 });
    stage.recorder.reset();
    await expectVersion(stage.reader, files, CREATED, namespace);
    return true;
  };
});

/** The registry does not answer any more, and the run must come to its end all the same. */
describe('a run that is told to stop while a registry keeps silent', () => {
  let stage: Stage;
  const elsewhere = new Elsewhere();
  let proxy: ChaosProxy;
  /** The number of the request that writes the index; it is read back by the one after. */
  let write: number;
  const ends: number[] = [];

  beforeAll(async () => {
    stage = await Stage.open();
    stage.workspace.hold(files);
    await elsewhere.start();
    proxy = new ChaosProxy({ registry: stage.registry.host, realm: stage.registry.tokens.realm, elsewhere });
    await proxy.start();
    await publish('owner/counted');
    const requests = proxy.suffered.map(({ method, url }) => `${method} ${url.split('/').at(-1)}`);
    expect(requests.slice(-2)).toEqual([`PUT ${version}`, `GET ${version}`]);
    write = requests.length - 1;
  });
  afterAll(async () => {
    process.stdout.write(`ended ${ends.map((end) => Math.round(end)).join(', ')} ms after the signal\n`);
    await proxy.stop();
    await elsewhere.stop();
    await stage.close();
  });

  const publish = (namespace: string, signal?: { readonly at: number; readonly fault: Fault }) => {
    let stop: () => void = () => undefined;
    proxy.begin((number) => {
      if (number !== signal?.at) return undefined;
      // Long enough after the request for the proxy to have taken it whole.
      setTimeout(() => stop(), 200);
      return signal.fault;
    });
    return stage.publish(
      { namespace, registry: proxy.host, coordination: 'off' },
      {
        started: (child) => {
          stop = () => {
            const stopped = performance.now();
            child.once('close', () => ends.push(performance.now() - stopped));
            child.kill('SIGTERM');
          };
        },
      },
    );
  };
  it.each([
    ['before its uploads', 'request', -4, 'nothing was published', false],
    ['over its index, which it took', 'answer', 0, `not known: demo-flit ${version}`, true],
    ['over its index, which it did not take', 'request', 0, `not known: demo-flit ${version}`, false],
    ['over the reading back', 'request', 1, DONE, true],
  ] as const)('%s ends and says what it knows', async (what, at, after, expected, listed) => {
    const namespace = `owner/${what.replaceAll(/[^a-z]+/g, '-')}`;
    const result = await publish(namespace, { at: write + after, fault: { kind: 'stall', at } });
    expect(result.code).toBe(1);
    expect(result.annotations.map(({ message }) => message).join('\n')).toContain(
      `Cannot finish: stopped by SIGTERM; ${expected}`,
    );
    const repository = `${namespace}/demo_flit`;
    expect((await stage.reader.tags(repository)).length > 0).toBe(listed);
    await expectWhole(stage.reader, repository);
  });
});
