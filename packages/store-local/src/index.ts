export { openLocalStore, type LocalStore, type LocalStoreOptions } from './local-store.ts';
export { checkLocalStore, type LocalStoreFacts } from './check-local-store.ts';
