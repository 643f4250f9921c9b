export { createB2Handler } from './create-b2-handler.ts';
export type { B2Options, B2Origins, B2RequestEvent, RefusedCredentials } from './options.ts';
export type { TestMode } from './test-mode/test-mode.ts';
export { bucketNameProblem, headerMetadataSize } from '@coffer/b2-schema';
