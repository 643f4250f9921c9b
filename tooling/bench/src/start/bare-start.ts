import { createServer } from 'node:http';

/** The least that a server in Node can be: it answers 200 to everything. Argument: the port. */
createServer((_, response) => {
  response.end('ready\n');
}).listen(Number(process.argv[2]), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
