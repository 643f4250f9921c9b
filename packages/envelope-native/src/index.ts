export { nativeEngine, type FoundEngine } from './native-engine.ts';
