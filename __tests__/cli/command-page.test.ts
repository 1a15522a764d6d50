import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../support/command.js';

const FILES = ['hello_pyoci-0.1.0-py3-none-any.whl', 'hello_pyoci-0.1.0.tar.gz'].map((name) => `examples/dist/${name}`);

describe('docs/command.md', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('shows what the command prints', async () => {
    const page = await readFile('docs/command.md', 'utf8');
    const blocks = [...page.matchAll(/^\$ node dist\/cli\/index\.js (.*)\n([^`]*)```/gm)];
    const env = { SOURCE_DATE_EPOCH: '1767225600' };
    const layout = join(folder, 'oci');
    await run(['--oci-layout', layout, '--namespace', 'octo-org', ...FILES], { env });
    for (const [, line = '', shown] of blocks) {
      const words = line.split(' ').flatMap((word) => (word === 'examples/dist/*' ? FILES : [word]));
      const argv = words.map((word) => (['oci', 'wheels', 'carried'].includes(word) ? join(folder, word) : word));
      const { status, stdout, stderr } = await run(argv);
      expect({ status, stderr, stdout: stdout.replaceAll(`${folder}/`, '') }).toEqual({
        status: 0,
        stderr: '',
        stdout: shown,
      });
    }
    expect(blocks.map(([, line]) => line?.split(' ')[0])).toEqual(['check', 'show', 'pull', 'prune', 'copy', 'yank']);
  });
});
