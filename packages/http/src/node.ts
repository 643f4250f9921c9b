export { attach } from './node/attach.ts';
export { beginInTurns } from './node/begin-in-turns.ts';
export { createNodeListener } from './node/listener.ts';
export type { NodeHandlerOptions } from './node/options.ts';
