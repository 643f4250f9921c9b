import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Encryption } from '../encryption.ts';
import type { S3World } from './s3-scenario.ts';

/** Where the AWS CLI reads a customer key from: a file in the scenario's folder, never the command line. */
function keyFile({ folder }: S3World, { label, key }: Encryption): string {
  if (key === undefined) throw new Error(`${label} has no customer key`);
  const path = join(folder, label.replaceAll(' ', '-'));
  writeFileSync(path, key, { mode: 0o600 });
  return `fileb://${path}`;
}

/** Options of `aws s3` for what it writes. */
export function writing(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.mode === 'none') return [];
  return encryption.mode === 'SSE-B2' ? ['--sse', 'AES256'] : reading(world, encryption);
}

/** Options of `aws s3` for what it reads. */
export function reading(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.key === undefined) return [];
  return ['--sse-c', 'AES256', '--sse-c-key', keyFile(world, encryption)];
}

/** Options of `aws s3` for what it copies from. */
export function copyingFrom(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.key === undefined) return [];
  return ['--sse-c-copy-source', 'AES256', '--sse-c-copy-source-key', keyFile(world, encryption)];
}

/** Options of `aws s3api` for what it writes. */
export function apiWriting(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.mode === 'none') return [];
  return encryption.mode === 'SSE-B2' ? ['--server-side-encryption', 'AES256'] : apiReading(world, encryption);
}

/** Options of `aws s3api` for what it reads. */
export function apiReading(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.key === undefined) return [];
  return ['--sse-customer-algorithm', 'AES256', '--sse-customer-key', keyFile(world, encryption)];
}

/**
 * Options of `aws s3api get-object-attributes` for what it reads: there the CLI makes neither base64 nor MD5 of the
 * key.
 */
export function writtenOut(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.key === undefined) return [];
  const path = join(world.folder, 'key-in-base64');
  writeFileSync(path, encryption.key.toString('base64'), { mode: 0o600 });
  const md5 = createHash('md5').update(encryption.key).digest('base64');
  const key = ['--sse-customer-key', `file://${path}`, '--sse-customer-key-md5', md5];
  return ['--sse-customer-algorithm', 'AES256', ...key];
}

/** Options of `aws s3api` for what it copies from. */
export function apiCopyingFrom(world: S3World, encryption: Encryption): readonly string[] {
  if (encryption.key === undefined) return [];
  return [
    '--copy-source-sse-customer-algorithm',
    'AES256',
    '--copy-source-sse-customer-key',
    keyFile(world, encryption),
  ];
}
