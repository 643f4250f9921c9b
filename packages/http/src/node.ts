export { attach } from './node/attach.ts';
export { createNodeListener } from './node/listener.ts';
export type { NodeHandlerOptions } from './node/options.ts';
