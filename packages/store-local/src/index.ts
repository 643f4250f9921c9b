export { openLocalStore, type LocalStore, type LocalStoreOptions } from './local-store.ts';
