export {
  atRestReportJsonSchema,
  atRestReportSchema,
  holdsAtRest,
  printAtRestSummary,
  type AtRestReport,
  type CheckResult,
  type DamageOutcome,
  type Trial,
  type Verdict,
} from './at-rest/at-rest-report.ts';
export { runAtRest, type AtRestOptions } from './at-rest/run-at-rest.ts';
export { allCases, casesOf } from './cases/catalogue.ts';
export { ConformanceError, type ConformanceErrorCode } from './model/conformance-error.ts';
export type { ConformanceCase, Source } from './model/case.ts';
export { contentBytes, sizeInBytes, type Content, type Size } from './model/content.ts';
export { customerKey, type CustomerKeyName } from './model/customer-key.ts';
export type { Expectation, ExpectedBody, Value } from './model/expectation.ts';
export {
  featureSchema,
  profileSchema,
  protocolOf,
  type Feature,
  type Profile,
  type Protocol,
} from './model/feature.ts';
export type {
  AwsChunked,
  B2CallStep,
  B2DownloadStep,
  B2KeyStep,
  B2PartStep,
  B2UploadStep,
  BucketStep,
  Headers,
  Json,
  RawStep,
  S3FormStep,
  S3Step,
  Step,
  UploadAddress,
} from './model/step.ts';
export { explainCase } from './report/explain.ts';
export { compareReports, isWorse, type ChangedCase, type Comparison, type SingleCase } from './report/compare.ts';
export type { Exchange, ShownBody } from './report/exchange.ts';
export { printHtml } from './report/html/page.ts';
export { printJunit } from './report/junit.ts';
export { printComparison } from './report/print-comparison.ts';
export {
  isConformant,
  reportJsonSchema,
  reportSchema,
  type CaseResult,
  type Outcome,
  type Report,
} from './report/report.ts';
export { printSummary } from './report/summary.ts';
export { openRunner, type CaseRunner, type RunnerOptions } from './run/case-runner.ts';
export { runConformance, type RunOptions } from './run/run-conformance.ts';
export type { MadeThing } from './model/made-thing.ts';
export { presets, type Preset, type PresetName } from './target/presets.ts';
export type { Environment } from './target/secrets.ts';
export {
  featuresOf,
  parseTarget,
  targetSchema,
  type Deviation,
  type Target,
  type TargetInput,
} from './target/target.ts';
export { createHttpTransport, type HttpTransport, type HttpTransportOptions } from './wire/http-transport.ts';
export type { RawForm, Transport, WireAnswer, WireRequest } from './wire/transport.ts';
