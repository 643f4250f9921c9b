import { expect, test } from 'vitest';
import { expectSuccess, runCommand } from './command.ts';

const env = { PATH: process.env['PATH'] ?? '' };

test('output, errors and exit code are kept apart', async () => {
  const result = await runCommand('sh', ['-c', 'cat; echo bad >&2; exit 3'], { env, stdin: 'in' });
  expect({ ...result, stdout: result.stdout.toString() }).toMatchObject({ code: 3, stdout: 'in', stderr: 'bad\n' });
  expect(() => expectSuccess(result)).toThrow(/ended with 3\ninbad/);
});

test('the environment is the given one only', async () => {
  const result = await runCommand('env', [], { env: { ...env, ONE: '1' } });
  expect(result.stdout.toString().split('\n').sort().join(' ')).toMatch(/^ ONE=1 PATH=\S+$/);
});

test('a program that is not there fails', async () => {
  await expect(runCommand('/no/such/program', [], { env })).rejects.toThrow('ENOENT');
});
