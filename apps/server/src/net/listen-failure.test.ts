import { expect, it } from 'vitest';
import { listenFailure } from './listen-failure.ts';

const denied = Object.assign(new Error('listen EACCES: permission denied'), { code: 'EACCES' });

it('says what to do about a privileged port', () => {
  const { code, message } = listenFailure('httpsListen', { host: '0.0.0.0', port: 443 }, denied);
  expect(code).toBe('network');
  expect(message).toContain('0.0.0.0:443: ports below 1024');
  expect(message).toContain('--https-listen HOST:PORT (COFFER_HTTPS_LISTEN), such as 8443');
  expect(message).toContain(`setcap cap_net_bind_service=+ep ${process.execPath}`);
});

it('does not speak of privileged ports where another one is denied', () => {
  const { message } = listenFailure('listen', { host: '127.0.0.1', port: 8_920 }, denied);
  expect(message).toContain('127.0.0.1:8920: this user is not permitted to. Choose an address');
});
