/** Hands bytes on, later. Arguments: the port to listen on, the host and port to connect to, milliseconds each way. */
import { connect, createServer, type Socket } from 'node:net';

/** More bytes than this on their way in one direction stop the reading, as a window does. */
const WINDOW = 16 * 1024 * 1024;

const [listen, host, port, each] = process.argv.slice(2);
const delay = Number(each);
let sent = 0;

function hand(from: Socket, to: Socket, count: (bytes: number) => void): void {
  let underway = 0;
  from.on('data', (chunk) => {
    count(chunk.length);
    underway += chunk.length;
    if (underway > WINDOW) from.pause();
    setTimeout(() => {
      to.write(chunk, () => {
        underway -= chunk.length;
        if (underway <= WINDOW / 2) from.resume();
      });
    }, delay);
  });
  from.on('end', () => setTimeout(() => to.end(), delay));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), delay));
}

createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const far = connect({ port: Number(port), host, allowHalfOpen: true, noDelay: true });
  hand(near, far, (bytes) => {
    sent += bytes;
  });
  hand(far, near, () => {});
}).listen(Number(listen), '127.0.0.1');

process.on('message', () => {
  process.send?.(sent);
  sent = 0;
});
process.on('disconnect', () => process.exit());
