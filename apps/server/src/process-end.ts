/**
 * Ends this process as a crash would, which the store survives at any moment. Not `process.exit`: that waits for the
 * threads of the process, and one of them may be writing a transaction that waits for this one, for ever, with the
 * store's write lock.
 */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
