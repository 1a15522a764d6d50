import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeUpload } from '../../../src/serve/uploads/upload-answers.js';
import { aWheel, wheelName } from '../../support/builders.js';

describe('a client that waits for its answer', () => {
  it('gets signs of life meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pyoci-publish-signs-'));
    let signs = 0;
    let enough = (): void => {};
    const receive = async () => {
      await new Promise<void>((resolve) => {
        enough = resolve;
      });
      return { project: 'foo', image: 'r/o/foo:1.0', status: 'published' } as const;
    };
    const server = createServer(async (request, response) => {
      const { kind } = await takeUpload(request, response, { desk: { receive }, folder, signOfLife: 5 });
      response.end(kind);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const form = new FormData();
    form.append(':action', 'file_upload');
    form.append('content', new Blob([aWheel()]), wheelName());
    const encoded = new Response(form);
    const headers = { 'content-type': String(encoded.headers.get('content-type')) };
    const { port } = server.address() as AddressInfo;
    const outgoing = ask({ port, host: '127.0.0.1', method: 'POST', headers, agent: false });
    outgoing.on('continue', () => {
      signs += 1;
      if (signs === 3) enough();
    });
    outgoing.end(Buffer.from(await encoded.arrayBuffer()));
    const [answer] = await once(outgoing, 'response');
    expect(answer.statusCode).toBe(200);
    expect(signs).toBeGreaterThanOrEqual(3);
    answer.resume();
    server.close();
    rmSync(folder, { recursive: true });
  });
});
