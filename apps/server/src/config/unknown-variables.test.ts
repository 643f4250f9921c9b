import { expect, it } from 'vitest';
import { environmentName } from './setting-names.ts';
import { configKeys } from './settings.ts';
import { unknownVariables } from './unknown-variables.ts';

const byFile = { rootKey: { kind: 'file', path: '/k' } } as const;

function warnings(environment: Record<string, string>): readonly string[] {
  return unknownVariables(environment, byFile);
}

it.each([
  ['COFFER_LISTN', 'COFFER_LISTEN'],
  ['COFFER_LOGLEVEL', 'COFFER_LOG_LEVEL'],
  ['COFFER_ENCRYPT_BY_DEFUALT', 'COFFER_ENCRYPT_BY_DEFAULT'],
  ['COFFER_BUCKETS', 'COFFER_BUCKET'],
  ['COFFER_MASTERKEY', 'COFFER_MASTER_KEY'],
  ['COFFER_PORT', 'COFFER_LISTEN'],
])('%s: did you mean %s?', (name, meant) => {
  expect(warnings({ [name]: '9000' })).toEqual([
    `The environment variable ${name} is not known, and was ignored. Did you mean ${meant}?`,
  ]);
});

it('names no other where none is near, and no value ever', () => {
  const [warning, ...others] = warnings({ COFFER_SOMETHING_ELSE: 'K001secret' });
  expect(warning).toMatch(
    /^The environment variable COFFER_SOMETHING_ELSE is not known, and was ignored\. coffer serve/,
  );
  expect(warning).not.toContain('K001secret');
  expect(others).toEqual([]);
});

it('knows its own, those that the settings name, and what is nobody of its business', () => {
  const own = Object.fromEntries(
    [...configKeys.map(environmentName), 'COFFER_CONFIG', 'B2_X', 'PATH'].map((n) => [n, '']),
  );
  expect(warnings(own)).toEqual([]);
  expect(unknownVariables({ COFFER_ROOT: 'x' }, { rootKey: { kind: 'environment', name: 'COFFER_ROOT' } })).toEqual([]);
});

it('knows what Kubernetes sets for services whose names begin with coffer', () => {
  const ofKubernetes = {
    COFFER_SERVICE_HOST: '10.0.0.1',
    COFFER_SERVICE_PORT: '8920',
    COFFER_SERVICE_PORT_HTTP: '8920',
    COFFER_PORT: 'tcp://10.0.0.1:8920',
    COFFER_PORT_8920_TCP: 'tcp://10.0.0.1:8920',
    COFFER_PORT_8920_TCP_PROTO: 'tcp',
    COFFER_PORT_8920_TCP_PORT: '8920',
    COFFER_PORT_8920_TCP_ADDR: '10.0.0.1',
    COFFER_ADMIN_SERVICE_HOST: '10.0.0.2',
    COFFER_ADMIN_PORT: 'tcp://10.0.0.2:8921',
    COFFER_ADMIN_PORT_8921_TCP_ADDR: '10.0.0.2',
  };
  expect(warnings(ofKubernetes)).toEqual([]);
});
