import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters as withoutColours } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseBanner } from '../harness/banner.ts';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { isAsShown, PastingShell, shownCommands } from '../harness/console.ts';
import { pythonScript, repository, venvBin, workFolder } from '../harness/paths.ts';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');
const shellBlocks = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);

/** The lines of the README's shell block that holds a text. */
function blockWith(text: string): readonly string[] {
  const block = shellBlocks.find((one) => one.includes(text));
  if (block === undefined) throw new Error(`The README has no block with ${text}`);
  return block.split('\n').filter((line) => line !== '');
}

let folder = '';
beforeAll(() => {
  mkdirSync(workFolder, { recursive: true });
  folder = mkdtempSync(join(workFolder, 'run-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/**
 * The developer's own environment, since the commands use what npm keeps; free ports and a data directory of the
 * test's.
 */
function startEnvironment(data: string): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:COFFER|B2)_/.test(name));
  const listen = '127.0.0.1:0';
  return { ...Object.fromEntries(inherited), COFFER_DATA: data, COFFER_LISTEN: listen, COFFER_ADMIN_LISTEN: listen };
}

/** Lines of the README typed into a terminal, the last of which starts a server. */
async function startInTerminal(lines: readonly string[], data: string, path = process.env['PATH'] ?? '') {
  const child = spawn('python3', [pythonScript('in_terminal.py'), 'bash', '-c', lines.join('\n')], {
    cwd: repository,
    env: { ...startEnvironment(data), PATH: path },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  const closed = once(child, 'close') as Promise<[number | null]>;
  const banner = await new Promise<NonNullable<ReturnType<typeof parseBanner>>>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString().replaceAll('\r\n', '\n');
      const found = parseBanner(said);
      if (found) resolve(found);
    });
    void closed.then(() => {
      reject(new Error(`The server ended: ${said}`));
    });
  });
  return {
    banner,
    said: () => said,
    /** Presses Ctrl-C; the exit code, and what was said from then on. */
    interrupt: async () => {
      const before = said.length;
      child.stdin.end();
      const [code] = await closed;
      return { code, after: said.slice(before) };
    },
  };
}

describe('the README', () => {
  test('its command starts a server, its walk works line by line in an empty folder, and Ctrl-C is no failure', async () => {
    const clone = join(folder, 'clone');
    mkdirSync(clone);
    symlinkSync(join(repository, 'apps'), join(clone, 'apps'));
    const [start = ''] = blockWith('pnpm@10 test');
    const server = await startInTerminal([start], join(clone, 'data'));
    expect(server.banner.key).toMatch(/^K001/);

    const walk = readme.slice(readme.indexOf('## A walk'), readme.indexOf('## What else'));
    const commands = shownCommands(walk);
    expect(commands.length).toBeGreaterThan(15);
    const environment = clientEnvironment({ home: folder });
    const shell = new PastingShell(clone, { ...environment, PATH: `${venvBin}:${environment['PATH'] ?? ''}` });
    for (const { command, output } of commands) {
      const printed = await shell.paste(command.replace('http://127.0.0.1:8920', server.banner.http ?? ''));
      if (!isAsShown(printed, output)) expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${output.join('\n')}\n`);
    }
    shell.close();

    const requests = withoutColours(server.said())
      .split('\n')
      .filter((line) => line.includes('b2_upload_file 200'));
    expect(requests).toHaveLength(2);
    for (const line of requests)
      expect(line).toMatch(/^\[[\d:.]+\] INFO: b2_upload_file 200 {2}\d+ ms, \d+ bytes in, \d+ out$/);
    const { code, after } = await server.interrupt();
    expect(after).not.toMatch(/ELIFECYCLE|fail|error/i);
    // npx itself ends by the signal, as its own programs do.
    expect([0, 130]).toContain(code);
  });

  test('its lines for CI start a server with the key and the bucket, and Ctrl-C ends pnpm with 0', async () => {
    const env = Object.fromEntries(Object.entries(process.env).map(([name, value = '']) => [name, value]));
    const found = await runCommand('npx', ['-y', '-p', 'pnpm@10', 'which', 'pnpm'], { env, cwd: repository });
    const pnpm = expectSuccess(found).stdout.toString().trim();
    const lines = blockWith('COFFER_MASTER_KEY_ID').map((line) => line.replace('npx -y pnpm@10', 'pnpm'));
    const path = `${dirname(pnpm)}:${env['PATH'] ?? ''}`;
    const server = await startInTerminal(lines, join(folder, 'ci', 'data'), path);
    expect(server.banner).toMatchObject({ keyId: '0123456789ab', key: undefined });
    expect(server.banner.clientLines).toContain('b2 file upload my-bucket hello.txt hello.txt');
    const { code, after } = await server.interrupt();
    expect(after).not.toMatch(/ELIFECYCLE|fail|error/i);
    expect(code).toBe(0);
  });
});
