import type { HttpHandler } from '../http-response.ts';

/**
 * The handler, of which at most `perTurn` requests begin in one turn of the event loop; the others follow in the order
 * in which they came. So a request that is under way waits for at most that many new ones each time before it goes on,
 * and not for all whose bytes have arrived meanwhile. An upload goes on several times: beside thirty clients that never
 * pause, it waits for one round of their requests instead of four.
 */
export function beginInTurns(handler: HttpHandler, perTurn: number): HttpHandler {
  const waiting: (() => void)[] = [];
  let begun = 0;
  const nextTurn = (): void => {
    begun = 0;
    for (const begin of waiting.splice(0, perTurn)) begin();
  };
  const count = (): void => {
    if (begun++ === 0) setImmediate(nextTurn);
  };
  return async (request) => {
    if (begun >= perTurn || waiting.length > 0) await new Promise<void>((begin) => waiting.push(begin));
    count();
    return handler(request);
  };
}
