import type { Exchange } from './exchange.ts';

/**
 * Breaks the connection once its client has taken nothing of the answer for a while. Uses Node's timer of the
 * connection: it restarts when the system takes a part of a pending write, so a slow reader is not cut off. When there
 * was nothing to take, it goes off only once.
 */
export function breakWhenNotRead({ res, settings }: Exchange): void {
  res.setTimeout(settings.answerTimeoutMs, () => {
    // An answer that is waiting for its producer is not the client's fault.
    if (res.writableLength > 0) res.destroy();
  });
}
