import { X509Certificate } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { testPlaces } from '../test-support/temporary-place.ts';
import { certificatePath, devCertificate, endOf } from './dev-certificate.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);

const day = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-01-01T00:00:00Z');

it('is for loopback names, is no authority, and its key is its owner’s only', async () => {
  const directory = join(await temporaryDirectory(), 'data-tls');
  const { cert } = await devCertificate(directory, now);
  const certificate = new X509Certificate(cert);
  expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(certificate.ca).toBe(false);
  expect((await stat(join(directory, 'key.pem'))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

it('is kept until it is about to end', async () => {
  const directory = await temporaryDirectory();
  const first = await devCertificate(directory, now);
  const end = endOf(first.cert);
  expect((end - now) / day).toBeLessThanOrEqual(825);
  expect(await devCertificate(directory, end - 31 * day)).toEqual(first);
  const renewed = await devCertificate(directory, end - 29 * day);
  expect(endOf(renewed.cert)).toBeGreaterThan(end);
});

it('is made anew where a part of it is missing', async () => {
  const directory = await temporaryDirectory();
  const first = await devCertificate(directory, now);
  await rm(certificatePath(directory));
  expect((await devCertificate(directory, now)).cert).not.toBe(first.cert);
});
