import { afterEach, expect, test, vi } from 'vitest';
import { clientEnvironment, serverEnvironment, trustVariables } from './client-environment.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const preset = [
  ...trustVariables,
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'NO_PROXY',
  'B2_ENVIRONMENT',
];

test('what the machine pre-sets reaches neither client nor server', () => {
  for (const name of preset) vi.stubEnv(name, 'from the machine');
  const environments = [clientEnvironment({ home: '/home' }), serverEnvironment('/home', { keyId: 'i', key: 'k' })];
  for (const environment of environments) expect(Object.values(environment)).not.toContain('from the machine');
});

test('a certificate is trusted through every variable a client may read', () => {
  const environment = clientEnvironment({ home: '/home', caFile: '/cert.pem' });
  for (const name of trustVariables) expect(environment[name]).toBe('/cert.pem');
});

test("the client's own variables are set", () => {
  expect(clientEnvironment({ home: '/h', variables: { B2_ACCOUNT_INFO: '/h/info' } })).toMatchObject({
    HOME: '/h',
    B2_ACCOUNT_INFO: '/h/info',
  });
});
