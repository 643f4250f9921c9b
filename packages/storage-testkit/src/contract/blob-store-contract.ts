import type { BlobStore } from '@coffer/storage-ports';
import { describe } from 'vitest';
import { blobDescriptorTests } from './blob-descriptors.ts';
import { largeBlobTests } from './blob-large.ts';
import { blobLifecycleTests } from './blob-lifecycle.ts';
import { blobQuarantineTests } from './blob-quarantine.ts';
import { readingTests } from './blob-reading.ts';
import { writingTests } from './blob-writing.ts';
import { ContractTests, type BlobFixture, type ContractOptions } from './contract-test.ts';

/**
 * Defines the vitest suite that every blob store must pass. Call it in a test file; each test makes a store of its own.
 */
export function blobStoreContract(
  name: string,
  factory: () => Promise<BlobFixture>,
  options: ContractOptions<BlobFixture> = {},
): void {
  describe(`blob store contract: ${name}`, () => {
    const tests = new ContractTests<BlobStore, BlobFixture>(factory, options);
    describe('writing', () => {
      writingTests(tests);
    });
    describe('reading', () => {
      readingTests(tests);
    });
    describe('large blobs', () => {
      largeBlobTests(tests);
    });
    describe('life cycle', () => {
      blobLifecycleTests(tests, options);
    });
    describe('quarantine', () => {
      blobQuarantineTests(tests);
    });
    describe('descriptors', () => {
      blobDescriptorTests(tests);
    });
    tests.checkDeviations();
  });
}
