import { expect, test } from 'vitest';
import { nativeEngine } from '@coffer/envelope-native';
import { chooseEngine } from './choose-engine.ts';

const found = nativeEngine();

test('the TypeScript engine is there for whoever asks for it', () => {
  expect(chooseEngine({ engine: 'typescript' }).name).toBe('typescript');
});

test('auto takes native code where it is there', () => {
  expect(chooseEngine({ engine: 'auto' }).name).toBe('engine' in found ? 'native' : 'typescript');
});

test('native code that is not there is not replaced by anything', () => {
  if ('engine' in found) expect(chooseEngine({ engine: 'native' }).name).toBe('native');
  else expect(() => chooseEngine({ engine: 'native' })).toThrow(found.missing);
});
