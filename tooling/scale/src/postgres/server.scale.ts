import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, inject, it } from 'vitest';

it('is started for the tests', async () => {
  const socket = connect({ host: '127.0.0.1', port: inject('postgresPort') });
  await once(socket, 'connect');
  expect(socket.remotePort).toBe(inject('postgresPort'));
  socket.destroy();
});
