import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { outliveReaders } from '../../src/cli/readers.js';

function trouble(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('a stream', () => {
  it.each(['EPIPE', 'ERR_STREAM_DESTROYED'])('whose reader is gone does not end the run: %s', (code) => {
    const streams = [new EventEmitter(), new EventEmitter()];
    outliveReaders(streams);
    for (const stream of streams) expect(() => stream.emit('error', trouble(code))).not.toThrow();
  });

  it('that is gone may be written to', async () => {
    const stream = new PassThrough();
    outliveReaders([stream]);
    stream.destroy(trouble('EPIPE'));
    const written = new Promise((resolve) => stream.write('text', resolve));
    expect(await written).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });

  it('with other trouble ends the run', () => {
    const stream = new EventEmitter();
    outliveReaders([stream]);
    expect(() => stream.emit('error', trouble('ENOSPC'))).toThrow('ENOSPC');
  });
});
