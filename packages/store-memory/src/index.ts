export { createMemoryBlobStore, type MemoryBlobStore } from './memory-blob-store.ts';
export { createMemoryMetadataStore, type MemoryMetadataStore } from './memory-metadata-store.ts';
export { writesChannel, type MemoryWrite } from './writes-channel.ts';
