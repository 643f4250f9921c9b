import { expect, test } from 'vitest';
import { lastJson } from './b2-cli.ts';

test('JSON is found after the words before it', () => {
  expect(lastJson('URL by file name: http://x/\n{\n  "fileId": "4_z"\n}')).toEqual({ fileId: '4_z' });
  expect(lastJson('[]')).toEqual([]);
  expect(() => lastJson('nothing')).toThrow('no JSON in: nothing');
});
