import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Hands bytes on, and counts those that come back. */
export interface CountingLine {
  readonly host: string;
  /** Bytes from the far end since the last call. */
  readonly received: () => number;
  readonly stop: () => void;
}

export async function countingLine(far: string): Promise<CountingLine> {
  const { hostname, port } = new URL(`http://${far}`);
  let bytes = 0;
  const server = createServer((near) => {
    const away = connect(Number(port), hostname);
    away.on('data', (chunk) => {
      bytes += chunk.length;
    });
    near.pipe(away).pipe(near);
    near.on('error', () => away.destroy());
    away.on('error', () => near.destroy());
    near.on('close', () => away.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => {
      const counted = bytes;
      bytes = 0;
      return counted;
    },
    stop: () => void server.close(),
  };
}
