/** What of a stream is listened to. */
interface WrittenStream {
  on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): unknown;
}

/**
 * Aborts once nobody takes what is written, as behind `| head` or on a full disk: a run then ends in order, and removes
 * what it made. Without a listener, the error would end the process at once. `say` is told anything but a closed pipe.
 */
export function abortWhenUnread(streams: readonly WrittenStream[], say: (text: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const stream of streams)
    stream.on('error', (error) => {
      if (controller.signal.aborted) return;
      controller.abort();
      if (error.code !== 'EPIPE') say(`The output cannot be written: ${error.message}\n`);
    });
  return controller.signal;
}
