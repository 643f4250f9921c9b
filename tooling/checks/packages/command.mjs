// Starts the server as npm has installed it, and looks at what it has loaded until it serves: the one file of the
// command, and only those packages beside it that a start needs. Whatever else comes to be loaded makes every start
// slower.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What has native code or files of its own, with what these bring along; the rest is in the one file. */
const needed = [
  '@coffer/server',
  '@harperfast/extended-iterable',
  '@pinojs/redact',
  'atomic-sleep',
  'detect-libc',
  'lmdb',
  'msgpackr',
  'msgpackr-extract',
  'node-gyp-build-optional-packages',
  'on-exit-leak-free',
  'ordered-binary',
  'pino',
  'pino-std-serializers',
  'quick-format-unescaped',
  'real-require',
  'safe-stable-stringify',
  'saxes',
  'sonic-boom',
  'thread-stream',
  'weak-lru-cache',
  'xmlchars',
];

/** Starts and stops `coffer serve` in `consumer`. @throws Error if it fails, or loads what a start does not need. */
export async function checkLoaded(consumer) {
  const coverage = join(consumer, 'coverage');
  await serveOnce(join(consumer, 'node_modules/@coffer/server/bin/coffer.js'), consumer, coverage);
  const loaded = readdirSync(coverage)
    .flatMap((name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')).result)
    .map(({ url }) => url)
    .filter((url) => url.startsWith('file:'));
  const ofServer = loaded.flatMap((url) => /\/@coffer\/server\/(.*)$/.exec(url)?.[1] ?? []).sort();
  if (ofServer.join() !== 'bin/coffer.js,dist/main.js')
    throw new Error(`of the server it loads ${ofServer.join(', ')}`);
  const packages = loaded.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? url);
  const surplus = [...new Set(packages)].filter((name) => !needed.includes(name));
  if (surplus.length > 0) throw new Error(`it loads ${surplus.join(', ')}, which a start does not need`);
}

async function serveOnce(program, directory, coverage) {
  const listeners = ['--listen', '127.0.0.1:0', '--admin-listen', 'off', '--console-listen', '127.0.0.1:0'];
  const options = ['serve', '--data', join(directory, 'data'), ...listeners, '--log-format', 'json'];
  const server = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, NODE_V8_COVERAGE: coverage },
  });
  const ended = once(server, 'close');
  let log = '';
  let isReady = false;
  server.stderr.setEncoding('utf8').on('data', (text) => {
    log += text;
    if (isReady || !log.includes('"msg":"ready"')) return;
    isReady = true;
    // Once only: while the process writes down what it has loaded, another signal would end it.
    server.kill('SIGTERM');
  });
  const [code] = await ended;
  if (code !== 0 || !isReady) throw new Error(`it does not serve: ${log}`);
}
