export { nativeEngine, type FoundEngine, type NativeEngine } from './native-engine.ts';
export type { Missing, MissingReason } from './native-binding.ts';
export type { Digests, DigestsWanted, RunningDigests } from './native-digests.ts';
