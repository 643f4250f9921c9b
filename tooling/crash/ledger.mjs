/**
 * What the server has acknowledged, and what it was asked and had not answered when it was killed. An operation is entered before it
 * is sent, and struck out when it is answered.
 */
export class Ledger {
  /** Versions by file id: { name, action, seed, size, mode, parts }. */
  versions = new Map();
  keys = new Set();
  buckets = new Set();
  gone = new Set();
  /** Operations without an answer. */
  open = new Set();
  acknowledged = 0;

  /** Runs an operation; what it does to the ledger when it is answered is `settle`. */
  async during(operation, send, settle) {
    this.open.add(operation);
    const answer = await send();
    // Only after an answer: one that never came leaves the operation open.
    settle(answer);
    this.open.delete(operation);
    this.acknowledged++;
  }
}
