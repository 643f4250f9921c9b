import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { AddressError, parseAddress } from './address.ts';

it('takes an address apart, percent-encoding included', () => {
  const address = parseAddress('postgres://us%40er:p%2Fw@db.example:6000/my%20data');
  expect(address).toMatchObject({ host: 'db.example', port: 6000, user: 'us@er', database: 'my data' });
  expect(address.password?.expose((text) => text)).toBe('p/w');
});

it('never shows the password', () => {
  const address = parseAddress('postgres://user:very-secret@db.example/data');
  expect(inspect(address, { depth: 10 }) + JSON.stringify(address)).not.toContain('very-secret');
  expect(address.label).toBe('user@db.example:5432/data');
});

it('verifies the name of a server elsewhere, and does without TLS on this machine', () => {
  expect(parseAddress('postgres://u@db.example/d').tls).toEqual({ rootCertificates: undefined });
  expect(parseAddress('postgres://u@127.0.0.1/d').tls).toBe('off');
  expect(parseAddress('postgres://u@127.0.0.1/d?sslmode=verify-full').tls).not.toBe('off');
  expect(parseAddress('postgres://u@db.example/d?sslmode=disable').tls).toBe('off');
});

it('takes the folder of a Unix socket, and an IPv6 address', () => {
  expect(parseAddress('postgresql://u@localhost/d?host=/run/postgresql')).toMatchObject({
    host: '/run/postgresql',
    tls: 'off',
  });
  expect(parseAddress('postgresql://u@[::1]:5433/d')).toMatchObject({ host: '::1', port: 5433 });
});

it.each([
  ['mysql://u@h/d', 'not of the form'],
  ['very-secret', 'not of the form'],
  ['postgres://h/d', 'names no user'],
  ['postgres://u@h', 'names no database'],
  ['postgres://u@h/d?sslmode=require', 'sslmode'],
  ['postgres://u@h/d?sslrootcert=/no/such/file', '/no/such/file'],
  ['postgres://u@h/d?options=-c', 'unknown parameter: options'],
  ['postgres://u@h/d?host=elsewhere', 'parameter host'],
  ['postgres://u:%ff-very-secret@h/d', 'password'],
])('refuses %s, naming what is wrong', (text, message) => {
  const parse = () => parseAddress(text);
  expect(parse).toThrow(AddressError);
  expect(parse).toThrow(message);
  expect(parse).not.toThrow('very-secret');
});
