import { chmod, cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ServerConfig } from '../config/server-config.ts';
import { leaveOrphans } from '../test-support/store-changes.ts';
import { treeSnapshot } from '../test-support/tree-snapshot.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { diagnose, printFindings } from './diagnose.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

async function usedPlace(): Promise<ServerConfig> {
  const config = testConfig(await temporaryDirectory());
  await (await start(config)).close();
  return config;
}

async function problems(config: ServerConfig): Promise<readonly string[]> {
  const findings = await diagnose(config, {});
  return findings.filter(({ kind }) => kind === 'problem').map(({ text, mend }) => `${text} ${mend ?? ''}`);
}

it('finds nothing wrong after a first start, whether or not the server runs', async () => {
  const config = testConfig(await temporaryDirectory());
  const server = await start(config);
  const findings = async () => printFindings(await diagnose(config, {}));
  await expect.poll(findings).toContain(`A server is running on it (process ${process.pid}).`);
  expect(await findings()).toMatch(
    /The keyring is the one that the data was written with\.\n[^]*Nothing is wrong\.\n$/,
  );
  await server.close();
  expect(printFindings(await diagnose(config, {}))).toContain('No server is running on it.');
  expect(await problems(config)).toEqual([]);
});

it('finds a missing data directory', async () => {
  const config = testConfig(await temporaryDirectory());
  expect(await problems(config)).toEqual([
    expect.stringContaining(`There is no data directory ${config.data}. Give the right one`),
  ]);
});

it('finds modes that let others in', async () => {
  const config = await usedPlace();
  await chmod(config.data, 0o755);
  await chmod(config.keys, 0o750);
  await chmod(join(config.keys, 'keyring.json'), 0o640);
  await chmod(join(config.keys, 'root.key'), 0o604);
  const found = (await problems(config)).join('\n');
  expect(found).toContain(`others than its owner (mode 755). chmod 700 ${config.data}`);
  expect(found).toContain(`chmod 700 ${config.keys}`);
  expect(found).toContain(`chmod 600 ${config.keys}/keyring.json`);
  expect(found).toContain(`chmod 600 ${config.keys}/root.key`);
});

it('finds a missing keyring and a missing root key', async () => {
  const config = await usedPlace();
  await rm(join(config.keys, 'root.key'));
  expect((await problems(config)).join('\n')).toContain('There is no root key file');
  await rm(join(config.keys, 'keyring.json'));
  expect((await problems(config)).join('\n')).toContain('There is no keyring');
});

it('finds a keyring of other data', async () => {
  const [config, other] = [await usedPlace(), await usedPlace()];
  await cp(other.keys, config.keys, { recursive: true });
  expect(await problems(config)).toEqual([expect.stringContaining('is not the one that the data')]);
});

it('tells of blobs in quarantine and of those that no file names, and changes nothing', async () => {
  const config = await usedPlace();
  await leaveOrphans(config.data, ['1orphan', '2orphan']);
  const before = await treeSnapshot(config.data);
  const found = async () => printFindings(await diagnose(config, {}));
  expect(await found()).toMatch(/note +2 blobs are named by no file \(1orphan, 2orphan\), as interrupted/);
  expect(await treeSnapshot(config.data)).toEqual(before);
  await (await start(config)).close();
  const held = await treeSnapshot(config.data);
  expect(await found()).toMatch(/note +2 blobs are in quarantine, 14 bytes\.\n[^]*ok +Every blob is named by a file/);
  expect(await treeSnapshot(config.data)).toEqual(held);
  await leaveOrphans(
    config.data,
    Array.from({ length: 17 }, (_, n) => `more${n}`),
  );
  expect(await problems(config)).toEqual([expect.stringContaining('can have left at most 16: the metadata is older')]);
});

it('finds metadata that does not open', async () => {
  const config = await usedPlace();
  await writeFile(join(config.data, 'metadata', 'data.mdb'), 'this is no database');
  const findings = await diagnose(config, {});
  expect(printFindings(findings)).toMatch(/PROBLEM The metadata is damaged: .*\n +→ Stop the server, and restore/);
  expect(printFindings(findings)).toContain('One thing is wrong.');
});
