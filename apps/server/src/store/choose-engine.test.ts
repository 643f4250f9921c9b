import { expect, test } from 'vitest';
import { nativeEngine, type FoundEngine } from '@coffer/envelope-native';
import { chooseEngine, engineWarning, nativeUse } from './choose-engine.ts';

const found = nativeEngine();
const missing = (reason: 'not_built' | 'not_loadable' | 'other_version' | 'self_test_failed') => (): FoundEngine => ({
  missing: `The native engine is not available: ${reason}`,
  reason,
});
const notLookedFor = (): FoundEngine => {
  throw new Error('Native code was looked for');
};

test('the TypeScript engine is there for whoever asks for it', () => {
  const asked = { engine: 'typescript' } as const;
  expect(chooseEngine(asked, notLookedFor).name).toBe('typescript');
  expect(nativeUse(asked, notLookedFor)).toBe('not_asked');
  expect(engineWarning(asked, notLookedFor)).toBeUndefined();
});

test('auto takes native code where it is there', () => {
  const isThere = 'engine' in found;
  expect(chooseEngine({ engine: 'auto' }).name).toBe(isThere ? 'native' : 'typescript');
  expect(nativeUse({ engine: 'auto' })).toBe(isThere ? 'used' : found.reason);
});

test('native code that is not there is not replaced by anything', () => {
  if ('engine' in found) expect(chooseEngine({ engine: 'native' }).name).toBe('native');
  else expect(() => chooseEngine({ engine: 'native' })).toThrow(found.missing);
});

test.each(['not_loadable', 'other_version', 'self_test_failed'] as const)(
  'auto warns of a library that is there and is %s',
  (reason) => {
    expect(chooseEngine({ engine: 'auto' }, missing(reason)).name).toBe('typescript');
    expect(nativeUse({ engine: 'auto' }, missing(reason))).toBe(reason);
    const warning = engineWarning({ engine: 'auto' }, missing(reason));
    expect(warning).toContain(`not available: ${reason}. TypeScript does the work instead`);
    expect(warning).not.toContain('\n');
  },
);

test('auto says nothing where no library was built', () => {
  expect(engineWarning({ engine: 'auto' }, missing('not_built'))).toBeUndefined();
  expect(nativeUse({ engine: 'auto' }, missing('not_built'))).toBe('not_built');
});
