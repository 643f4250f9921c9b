import { readdirSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { fieldRow, sampled } from '../../testing/request-samples.ts';
import { apiVersions } from '../values/api-version.ts';
import { capabilityNames } from '../values/capability.ts';
import type { BucketId, FileId } from '../values/ids.ts';
import { operationNames, operations, type OperationName, type RequestOf, type ResponseOf } from './operations.ts';

describe('the table', () => {
  it('has each row under its own name', () => {
    for (const name of operationNames) expect(operations[name].name).toBe(name);
  });

  it('has a row for each file of this folder: none that was written and not registered', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter(
      (file) => !/^operations\.(?:test\.)?ts$/.test(file),
    );
    const expected = files.map((file) => `b2_${file.replace(/\.ts$/, '').replaceAll('-', '_')}`);
    expect([...operationNames].toSorted()).toEqual(expected.toSorted());
  });

  it('has a sample for each row that takes fields, and tries each field of it', () => {
    const expected = operationNames.filter((name) => fieldRow(name) !== undefined);
    expect(sampled.map(({ name }) => name)).toEqual(expected);
    for (const { row, good, bad } of sampled) {
      const fields = Object.keys(row.request.shape).filter(
        (field) => field !== 'bucketId' || row.name !== 'b2_create_key',
      );
      expect(Object.keys(good).toSorted()).toEqual(fields.toSorted());
      expect(Object.keys(bad).toSorted()).toEqual(fields.toSorted());
    }
  });

  it.each(operationNames)('%s names real fields in scope, capabilities, aliases and versions', (name) => {
    const row = operations[name] as (typeof operations)[OperationName] & {
      fieldCapabilities?: readonly { field: string }[];
    };
    if (row.kind === 'upload') return;
    const { on, ...names } = row.scope as { on: string } & Record<string, unknown>;
    const fields = Object.keys(row.request.shape);
    const scoped = Object.values({ ...names, ...(names['destination'] as object | undefined) })
      .filter((value): value is string => typeof value === 'string')
      .filter((value) => !['readFiles', 'name', 'largeFile'].includes(value));
    expect(on).not.toBe('');
    for (const field of scoped) expect(fields).toContain(field);
    for (const { field } of row.fieldCapabilities ?? []) expect(fields).toContain(field);
  });

  it.each(operationNames)('%s is of every version and needs a known capability', (name) => {
    const { versions, authorization } = operations[name];
    expect(versions).toEqual(apiVersions);
    if ('capability' in authorization) expect(capabilityNames).toContain(authorization.capability);
  });
});

it('has the types of values', () => {
  expectTypeOf<RequestOf<'b2_copy_part'>['sourceFileId']>().toEqualTypeOf<FileId>();
  expectTypeOf<RequestOf<'b2_get_upload_url'>>().toEqualTypeOf<{ bucketId: BucketId }>();
  expectTypeOf<RequestOf<'b2_list_parts'>['maxPartCount']>().toEqualTypeOf<number>();
  expectTypeOf<RequestOf<'b2_upload_part'>['partNumber']>().toEqualTypeOf<number>();
  expectTypeOf<ResponseOf<'b2_create_key', 'v3'>['bucketId']>().toEqualTypeOf<string | null>();
  expectTypeOf<ResponseOf<'b2_create_key'>['bucketIds']>().toEqualTypeOf<string[] | null>();
  expectTypeOf<ResponseOf<'b2_get_upload_url'>['bucketId']>().toEqualTypeOf<string>();
});
