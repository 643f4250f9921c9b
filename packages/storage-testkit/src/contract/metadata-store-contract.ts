import type { MetadataStore } from '@coffer/storage-ports';
import { describe } from 'vitest';
import { ContractTests, type MetadataFixture, type ContractOptions } from './contract-test.ts';
import { appendTests } from './metadata-appends.ts';
import { commitTests } from './metadata-commits.ts';
import { metadataDescriptorTests } from './metadata-descriptors.ts';
import { lifecycleTests } from './metadata-lifecycle.ts';
import { manyHandlesTests } from './metadata-many-handles.ts';
import { recordTests } from './metadata-records.ts';
import { scanTests } from './metadata-scans.ts';

/**
 * Defines the vitest suite that every metadata store must pass. Call it in a test file; each test makes a store of its
 * own.
 */
export function metadataStoreContract(
  name: string,
  factory: () => Promise<MetadataFixture>,
  options: ContractOptions<MetadataFixture> = {},
): void {
  describe(`metadata store contract: ${name}`, () => {
    const tests = new ContractTests<MetadataStore, MetadataFixture>(factory, options);
    describe('records', () => {
      recordTests(tests);
    });
    describe('scans', () => {
      scanTests(tests);
    });
    describe('commits', () => {
      commitTests(tests);
    });
    describe('appends', () => {
      appendTests(tests);
    });
    describe('life cycle', () => {
      lifecycleTests(tests, options);
    });
    describe('many handles', () => {
      manyHandlesTests(tests);
    });
    describe('descriptors', () => {
      metadataDescriptorTests(tests);
    });
    tests.checkDeviations();
  });
}
