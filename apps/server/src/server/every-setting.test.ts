import { expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { consolePlace } from '../test-support/console-place.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

it('every part of the configuration is read by a server that starts', async () => {
  const root = await temporaryDirectory();
  const config = testConfig(root, {
    adminListen: '127.0.0.1:0',
    devTls: true,
    httpsListen: '127.0.0.1:0',
    scrubInterval: 1_000,
    consoleListen: '127.0.0.1:0',
  });
  const read = new Set<string | symbol>();
  const watched = new Proxy(config, {
    get: (target, name, receiver): unknown => {
      read.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
  const server = await start(watched, { consoleFiles: await consolePlace(root) });
  await authorize(
    server.urls.http!,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  await server.close();
  expect(Object.keys(config).filter((name) => !read.has(name))).toEqual([]);
});
