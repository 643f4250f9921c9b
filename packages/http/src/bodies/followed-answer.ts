import type { HttpResponse } from '../http-response.ts';
import { trackAnswer, type AnswerEnd } from './tracked-answer.ts';

/**
 * The answer, with `onEnd` called exactly once when all of its body was handed on or that was given up: at once where
 * the body is no stream. `complete` says whether all announced bytes were handed on.
 */
export function followAnswer(response: HttpResponse, onEnd: (end: AnswerEnd) => void): HttpResponse {
  const { body } = response;
  if (body === undefined || body instanceof Uint8Array) {
    onEnd({ bytes: body?.length ?? 0, complete: true });
    return response;
  }
  const stream = trackAnswer(body.stream, (end) => {
    // Counted in bytes, because a receiver may stop pulling as soon as it has all of them.
    onEnd({ ...end, complete: end.error === undefined && end.bytes === body.length });
  });
  return { ...response, body: { stream, length: body.length } };
}
