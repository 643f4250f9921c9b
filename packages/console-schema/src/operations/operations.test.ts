import { b2ErrorCodes, capabilityNames, operations } from '@coffer/b2-schema';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consoleOperations, type ConsoleOperationName } from './operations.ts';

const names = Object.keys(consoleOperations) as ConsoleOperationName[];

describe('the table', () => {
  it('has a row for each file of this folder: none that was written and not registered', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter(
      (file) => !/^operations\.(?:test\.)?ts$/.test(file),
    );
    const expected = files.map((file) => `coffer_${file.replace(/\.ts$/, '').replaceAll('-', '_')}`);
    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  it.each(names)('%s is under its own name, marked as not part of B2, and no operation of B2', (name) => {
    expect(consoleOperations[name]).toMatchObject({ name, notPartOfB2: true });
    expect(Object.keys(operations)).not.toContain(name);
  });

  it.each(names)('%s names real capabilities, fields and errors', (name) => {
    const { authorization, errors, request, scope } = consoleOperations[name];
    const needed: readonly string[] = 'capabilities' in authorization ? authorization.capabilities : [];
    expect(capabilityNames).toEqual(expect.arrayContaining([...needed]));
    const scoped = Object.entries(scope).flatMap(([key, field]) => (key === 'on' ? [] : [field]));
    expect(Object.keys(request.shape)).toEqual(expect.arrayContaining(scoped));
    expect(Object.keys(b2ErrorCodes)).toEqual(expect.arrayContaining([...errors]));
  });
});
