export { localStoreLayout, openLocalStore, type LocalStore, type LocalStoreOptions } from './local-store.ts';
export { checkLocalStore, type LocalStoreFacts } from './check-local-store.ts';
export { openFileBlobStore } from './file-blob-store.ts';
export { nodeBlobFileSystem } from './node-blob-file-system.ts';
export type { BlobFile, BlobFileSystem } from './blob-file-system.ts';
export { readStoreMark, writeStoreMark } from './store-mark.ts';
