export { HeaderList, headerPairs, type HeaderPair, type HeaderSource, type HeaderValue } from './header-list.ts';
export type { HttpPeer, HttpRequest } from './http-request.ts';
export { headOf, releaseBody, type HttpHandler, type HttpResponse } from './http-response.ts';
export { RequestBodyError, type RequestBodyErrorCode } from './request-body-error.ts';
export { parseQuery, splitTarget, type SplitTarget } from './request-target.ts';
export {
  formatContentRange,
  parseRange,
  resolveRange,
  unsatisfiedContentRange,
  type RangeRequest,
  type ResolvedRange,
} from './range-request.ts';
export { evaluateConditions, ifRangeHolds, type ConditionOutcome, type Validators } from './conditions.ts';
export { formatHttpDate } from './http-date.ts';
export { parseHttpDate } from './parse-http-date.ts';
export { underPrefix } from './under-prefix.ts';
export { fromFetchRequest, toFetchHandler } from './fetch-adapter.ts';
export { matchCorsRule, parseRequestedHeaders, type CorsRequest, type CorsRuleFacts } from './cors/cors-match.ts';
export { answerHeaders, preflightHeaders, varyByOrigin } from './cors/cors-answer.ts';
export { beginReading } from './bodies/begin-reading.ts';
export { trackAnswer, type AnswerEnd } from './bodies/tracked-answer.ts';
export { TrackedBody } from './bodies/tracked-body.ts';
export { followAnswer } from './bodies/followed-answer.ts';
