export { createMemoryMetadataStore, type MemoryMetadataStore } from './memory-metadata-store.ts';
export { createMemoryBlobStore, type MemoryBlobStore } from './memory-blob-store.ts';
export { fixedClock, type FixedClock } from './fixed-clock.ts';
export { seededRandom } from './seeded-random.ts';
