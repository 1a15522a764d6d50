/** Takes uploads of package tools and throws them away. Argument: the port. */
import { createServer } from 'node:http';

createServer((request, response) => {
  request.resume().on('end', () => response.end('OK'));
}).listen(Number(process.argv[2]), '127.0.0.1');
