import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runHelper } from '../../../src/run/machine/credential-helper.js';

describe('running a credential helper', () => {
  it('says nothing of one that is not installed', async () => {
    expect(await runHelper('nowhere-to-be-found', 'ghcr.io')).toBeUndefined();
  });

  // The helpers of these rules are shell scripts; Windows starts only `.exe` files by their bare name.
  if (process.platform !== 'win32') describeScripts();
});

function describeScripts(): void {
  let folder: string;
  const path = process.env.PATH;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'helpers-'));
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  afterEach(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true });
  });

  const install = async (name: string, script: string): Promise<void> => {
    const file = join(folder, `docker-credential-${name}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  };

  it('asks "get" on the command line and the host on stdin', async () => {
    await install('echo', 'printf "%s " "$@"; cat');
    expect(await runHelper('echo', 'ghcr.io')).toEqual({ code: 0, stdout: 'get ghcr.io' });
  });

  it('passes on how it ended', async () => {
    await install('failing', 'echo credentials not found; exit 3');
    expect(await runHelper('failing', 'ghcr.io')).toEqual({ code: 3, stdout: 'credentials not found\n' });
  });

  it('survives one that does not read what it is asked', async () => {
    await install('deaf', 'exec <&-; echo "{}"');
    expect(await runHelper('deaf', 'x'.repeat(1_000_000))).toEqual({ code: 0, stdout: '{}\n' });
  });

  it('gives up on one that takes too long, and is not held up by a child of it', async () => {
    await install('slow', 'sleep 3 & sleep 3');
    await expect(runHelper('slow', 'ghcr.io', 50)).rejects.toThrow(
      'Cannot get credentials from docker-credential-slow: it gave no answer within 0.05 s',
    );
  });

  it('ends one that does not stop printing', async () => {
    await install('chatty', 'yes');
    await expect(runHelper('chatty', 'ghcr.io')).rejects.toThrow(/printed more than 65536 bytes/);
  });

  it('names one that cannot be started', async () => {
    await install('locked', 'exit 0');
    await chmod(join(folder, 'docker-credential-locked'), 0o644);
    await expect(runHelper('locked', 'ghcr.io')).rejects.toThrow(/docker-credential-locked: it cannot be started/);
  });
}
