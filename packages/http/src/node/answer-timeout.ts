import type { Exchange } from './exchange.ts';

/**
 * Breaks the connection once its client has taken nothing of the answer for a while. Node's timer of a connection also
 * counts what the system took of a write under way, so a slow reader is not cut off, and it goes off only once where
 * there was nothing to take.
 */
export function breakWhenNotRead({ res, settings }: Exchange): void {
  res.setTimeout(settings.answerTimeoutMs, () => {
    // An answer that is waiting for its producer is not the client's fault.
    if (res.writableLength > 0) res.destroy();
  });
}
