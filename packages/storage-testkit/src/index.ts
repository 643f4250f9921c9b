export { fixedClock, type FixedClock } from './fixed-clock.ts';
export { seededRandom } from './seeded-random.ts';
export { blobStoreContract } from './contract/blob-store-contract.ts';
export { metadataStoreContract } from './contract/metadata-store-contract.ts';
export type {
  BlobFixture,
  ContractOptions,
  Deviation,
  MetadataFixture,
  ProvokedFault,
  StoreFixture,
} from './contract/contract-test.ts';
export {
  countingPlan,
  failEachCall,
  type CountingPlan,
  type CountingPlanOptions,
  type Fault,
  type FaultPlan,
  type StoreOperation,
} from './fault-plan.ts';
export { faultyMetadataStore } from './faulty-metadata-store.ts';
export { faultyBlobStore } from './faulty-blob-store.ts';
export { bucketNames, cutPayloads, cuttings, fileInfos, fileNames, payloads } from './arbitraries.ts';
export {
  assertNoLeak,
  assertNoLeakInDirectory,
  searchDirectory,
  searchForSecrets,
  type Finding,
} from './leak-search.ts';
export { liveArrayBuffers } from './live-memory.ts';
export { formsOf, type SecretForm, type SecretForms } from './secret-forms.ts';
export { forEachChoice, type Choose } from './power-cut/choices.ts';
export { PowerCutDisk } from './power-cut/power-cut-disk.ts';
export { countingFilePlan, faultyFileSystem, type CountingFilePlan, type FilePlan } from './faulty-file-system.ts';
export type { DiskOperation, HistoryEntry, Inode } from './power-cut/disk-operation.ts';
export {
  outputIsCollected,
  tellAnswer,
  tellOutput,
  testChannels,
  type TestAnswer,
  type TestOutput,
} from './test-output.ts';
