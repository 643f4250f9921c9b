import { describe, expect, it } from 'vitest';
import { secretFrom, valueFrom } from './secrets.ts';
import { deviationOf, featuresOf, missingFeatures, parseTarget, whatIsMissing } from './target.ts';

const s3 = { url: 'https://s3.example/', accessKeyId: 'me', secretAccessKey: { env: 'SECRET' } };

it('fills in what is left out', () => {
  const { s3: section, deviations } = parseTarget({ name: 'a', s3 });
  expect(section).toMatchObject({ url: 'https://s3.example', region: 'us-east-1', minimumPartSize: 5_242_880 });
  expect(deviations).toEqual([]);
});

it.each([
  ['a secret in the file', { name: 'a', s3: { ...s3, secretAccessKey: 'secret' } }, 'secretAccessKey'],
  ['an unknown field', { name: 'a', s4: s3 }, 's4'],
  ['an unknown preset', { name: 'a', preset: 'nobody' }, 'preset'],
  ['an address that is none', { name: 'a', s3: { ...s3, url: 'ftp://s3.example' } }, 'url'],
  ['an address with a path', { name: 'a', s3: { ...s3, url: 'http://s3.example/a' } }, 'origin'],
  ['an address with a query', { name: 'a', s3: { ...s3, url: 'http://s3.example?a' } }, 'origin'],
])('refuses %s', (_, input, said) => {
  expect(() => parseTarget(input)).toThrow(
    expect.objectContaining({ code: 'target', message: expect.stringContaining(said) as unknown }),
  );
});

it('refuses an address with a password, and does not print it', () => {
  const parse = () => parseTarget({ name: 'a', s3: { ...s3, url: 'http://me:hidden@s3.example' } });
  expect(parse).toThrow(
    expect.objectContaining({ code: 'target', message: expect.stringContaining('origin') as unknown }),
  );
  expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hidden') as unknown }));
});

describe('features', () => {
  it.each([
    ['all, if nothing is said', {}, 'application-keys', true],
    ['those of the preset', { preset: 'garage' }, 'sse-s3', false],
    ['those that are listed, before those of the preset', { preset: 'garage', features: ['sse-s3'] }, 'sse-s3', true],
  ] as const)('%s', (_, fields, feature, has) => {
    expect(featuresOf(parseTarget({ name: 'a', ...fields })).has(feature)).toBe(has);
  });
});

it('finds deviations by id and by begin', () => {
  const deviations = [
    { case: 's3/copies/*', reason: 'no copies' },
    { case: 's3/objects/one', reason: 'one' },
  ];
  const target = parseTarget({ name: 'a', deviations });
  const reasons = ['s3/copies/a-to-b', 's3/objects/one', 's3/objects/one-more'].map(
    (id) => deviationOf(target, id)?.reason,
  );
  expect(reasons).toEqual(['no copies', 'one', undefined]);
});

it('reads secrets from the environment, and does not print them', () => {
  const secret = secretFrom({ env: 'SECRET' }, { SECRET: 'hidden' });
  expect([String(secret), secret.expose((text) => text)]).toEqual(['[SecretString]', 'hidden']);
  expect(valueFrom({ env: 'ID' }, { ID: 'me' })).toBe('me');
  expect(() => secretFrom({ env: 'SECRET' }, { SECRET: '' })).toThrow(expect.objectContaining({ code: 'target' }));
});

it.each([
  [['sse-c'], {}, undefined],
  [['sse-c', 'sse-s3', 'versions'], { features: ['versions'] }, 'the target does not declare sse-c, sse-s3'],
  [['cross-api'], {}, 'the target has no section s3'],
  [['cross-api'], { s3 }, undefined],
] as const)('tells what is missing for %j', (needs, fields, missing) => {
  const target = parseTarget({ name: 'a', ...fields });
  const features = missingFeatures(target, needs);
  expect(features.length === 0 ? undefined : whatIsMissing(target, features)).toBe(missing);
});
