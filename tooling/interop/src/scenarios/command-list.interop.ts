import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { b2Commands } from '../harness/b2-commands.ts';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { pythonScript, venvBin, workFolder } from '../harness/paths.ts';
import { toolsLabel } from '../harness/tools.ts';

/** What the installed tool offers, in the spelling with hyphens. */
async function installedCommands(): Promise<readonly string[]> {
  const result = await runCommand(join(venvBin, 'python'), [pythonScript('b2_commands.py')], {
    env: clientEnvironment({ home: workFolder }),
  });
  const commands = JSON.parse(expectSuccess(result).stdout.toString()) as string[];
  return [...new Set(commands.map((words) => words.replaceAll('_', '-')))];
}

describe(`commands of the b2 tool${toolsLabel}`, () => {
  test('each is exercised by a scenario, or there is a reason why not', async () => {
    const installed = await installedCommands();
    const listed = Object.keys(b2Commands);
    expect(installed.filter((command) => !listed.includes(command)).join(', '), 'unlisted').toBe('');
    expect(listed.filter((command) => !installed.includes(command)).join(', '), 'no longer there').toBe('');
  });

  test('a scenario that is named for a command mentions it', () => {
    for (const [command, coverage] of Object.entries(b2Commands)) {
      if (!('in' in coverage)) continue;
      const source = readFileSync(new URL(`${coverage.in}.interop.ts`, import.meta.url), 'utf8');
      expect(source, `${coverage.in}: ${command}`).toContain(`'${command.split(' ').at(-1) ?? ''}'`);
    }
  });
});
