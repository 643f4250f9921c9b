export { createB2Handler } from './create-b2-handler.ts';
export { B2Error, type B2ErrorOptions } from './errors/b2-error.ts';
export {
  extendB2,
  type B2Extension,
  type ExtensionCall,
  type ExtensionHandler,
  type ExtensionHandlers,
  type ExtensionOperation,
  type ExtensionRows,
} from './extension.ts';
export type { B2Options, B2Origins, B2RequestEvent, RefusedCredentials } from './options.ts';
export type { TestMode } from './test-mode/test-mode.ts';
export { bucketNameProblem, headerMetadataSize } from '@coffer/b2-schema';
