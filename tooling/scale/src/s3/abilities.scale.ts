import type { S3Abilities } from '@coffer/store-s3';
import { expect, inject, test } from 'vitest';
import { openTarget } from './open-target.ts';

/** What the README of the adapter says of each store. */
const everything = { conditionalPut: true, conditionalComplete: true, checksums: true, listsUploads: true };
const known: Readonly<Record<string, S3Abilities>> = {
  'Ceph RADOS gateway': { ...everything, conditionalComplete: false, checksums: false, versions: false },
  // Every bucket of B2 keeps old versions.
  Coffer: { ...everything, versions: true },
  'Versity Gateway': { ...everything, versions: false },
};

for (const target of inject('s3Targets'))
  test(`${target.name} does what the README says of it`, async () => {
    const { store, dispose } = await openTarget(target);
    expect(store.abilities).toEqual(known[target.name]);
    await store.close();
    await dispose?.();
  });
