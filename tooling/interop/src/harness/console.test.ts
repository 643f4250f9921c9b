import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { isAsShown, PastingShell, shownCommands, shownFiles } from './console.ts';

test('commands and outputs are those of the console blocks', () => {
  const text = 'a\n```console\n$ one\n1\n…\n$ two\n```\n```sh\n$ no\n```\n```console\n$ three | x\n3\n```\n';
  expect(shownCommands(text)).toEqual([
    { command: 'one', output: ['1', '…'] },
    { command: 'two', output: [] },
    { command: 'three | x', output: ['3'] },
  ]);
});

test('files are the blocks that begin with a name', () => {
  const text = '```python\n# one.py\nx = 1\n```\n```sh\n# not a name\n```\n```js\n// two.mjs\n// more\n```\n';
  expect(shownFiles(text)).toEqual([
    { name: 'one.py', content: '# one.py\nx = 1\n' },
    { name: 'two.mjs', content: '// two.mjs\n// more\n' },
  ]);
});

test.each([
  ['', [], true],
  ['a\n', [], false],
  ['a.b\n', ['a.b'], true],
  ['axb\n', ['a.b'], false],
  ['one\ntwo\nthree\n', ['…', 'two', '…'], true],
  ['one\nthree\n', ['…', 'two', '…'], false],
  ['two\n', ['…', 'two', '…'], true],
  ['ok: all of it\nend\n', ['ok: …', 'end'], true],
])('%j is as shown by %j: %s', (printed, shown, expected) => {
  expect(isAsShown(printed, shown)).toBe(expected);
});

test('a shell keeps what earlier lines have set, and says what went wrong', async () => {
  const shell = new PastingShell(tmpdir(), { PATH: process.env['PATH'] ?? '' });
  expect(await shell.paste('x=5')).toBe('');
  expect(await shell.paste('echo "$x"; echo no >&2; false')).toBe('5\nno\n');
  await expect(shell.paste('exit 1')).rejects.toThrow('the shell has ended');
  shell.close();
});
