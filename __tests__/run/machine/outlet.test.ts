import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { Outlet, type OutletStream } from '../../../src/run/machine/outlet.js';

function trouble(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Fails with the given errors, write by write, and after the writer has gone on. */
function failing(...errors: readonly (Error | undefined)[]): Writable {
  const left = [...errors];
  return new Writable({ autoDestroy: false, write: (_text, _encoding, done) => setImmediate(done, left.shift()) });
}

describe('an outlet', () => {
  it('passes on what is written, in order, and waits until it is out', async () => {
    const out: string[] = [];
    const slow = new Writable({ write: (text, _, done) => setImmediate(() => done(void out.push(String(text)))) });
    const outlet = new Outlet(slow);
    outlet.write('one');
    outlet.write('two');
    expect(await outlet.settled()).toBeUndefined();
    expect(out).toEqual(['one', 'two']);
  });

  it.each(['EPIPE', 'ERR_STREAM_DESTROYED'])('takes a reader that left for no trouble: %s', async (code) => {
    const outlet = new Outlet(failing(trouble(code)));
    outlet.write('text');
    expect(await outlet.settled()).toBeUndefined();
  });

  it('may be written to when its reader is gone', async () => {
    const stream = new PassThrough();
    const outlet = new Outlet(stream);
    stream.destroy(trouble('EPIPE'));
    outlet.write('text');
    expect(await outlet.settled()).toBeUndefined();
  });

  it('goes on after any other trouble, and tells the first', async () => {
    const outlet = new Outlet(failing(undefined, trouble('ENOSPC'), trouble('EIO')));
    for (const text of ['one', 'two', 'three']) outlet.write(text);
    expect(await outlet.settled()).toMatchObject({ code: 'ENOSPC' });
  });

  it('learns of trouble with what others write to the stream', async () => {
    const stream = failing(trouble('ENOSPC'));
    const outlet = new Outlet(stream);
    stream.write('text');
    await once(stream, 'error').catch(() => {});
    expect(outlet.trouble).toMatchObject({ code: 'ENOSPC' });
  });

  describe('into a file', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'outlet-'));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    /** As Node has it where a shell sends standard output to a file. */
    const streamOf = (fd: number): OutletStream =>
      Object.assign(failing(new Error('a file is written without the stream, which loses what is written in part')), {
        fd,
      });

    it('writes behind what is there, in order', async () => {
      const path = join(folder, 'out');
      await writeFile(path, 'before\n');
      const file = openSync(path, 'a');
      const outlet = new Outlet(streamOf(file));
      outlet.write('one\n');
      outlet.write('twö\n');
      expect(await outlet.settled()).toBeUndefined();
      closeSync(file);
      expect(await readFile(path, 'utf8')).toBe('before\none\ntwö\n');
    });

    it('tells of a file that takes nothing', async () => {
      await writeFile(join(folder, 'out'), '');
      const file = openSync(join(folder, 'out'), 'r');
      const outlet = new Outlet(streamOf(file));
      outlet.write('text');
      expect(await outlet.settled()).toMatchObject({ syscall: 'write' });
      closeSync(file);
    });
  });
});
