/**
 * Ends this process as a crash would, which the store survives at any moment. Not `process.exit`: that waits for the
 * threads of the process, and one of them may be writing a transaction, and wait for this thread for ever while it
 * holds the store's write lock.
 */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
