import type { IncomingMessage } from 'node:http';
import { RequestBodyError, type RequestBodyErrorCode } from '../request-body-error.ts';
import { IdleTimer } from './idle-timer.ts';

type Piece = IteratorResult<Uint8Array, undefined>;

interface Waiting {
  readonly resolve: (piece: Piece) => void;
  readonly reject: (error: RequestBodyError) => void;
}

/**
 * What became of the rest of a body: nothing is left, there is more than the limit allows to be dropped, or no more
 * bytes arrive.
 */
export type DiscardOutcome = 'complete' | 'over_limit' | 'stalled';

/** How much of a body is dropped, and how long that may take. */
export interface DiscardLimits {
  readonly bytes: number;
  readonly idleMs: number;
  readonly wholeMs: number;
}

const end: Piece = { done: true, value: undefined };

/**
 * The content of a request, pulled piece by piece as Node received it. The message flows while its reader waits and is
 * paused as soon as a piece has to be kept, so a slow reader holds back the sender. Unlike Node's own iterator, leaving
 * it early does not destroy the connection: the answer still has to go out.
 */
export class IncomingBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #message: IncomingMessage;
  readonly #timer: IdleTimer;
  readonly #beforeFirstPull: () => void;
  #iterated = false;
  #listening = false;
  #kept: Uint8Array[] = [];
  #waiting: Waiting | undefined;
  #failure: RequestBodyError | undefined;
  #ended = false;
  #received = 0;
  #drain: ((piece: Uint8Array) => void) | undefined;
  #settled: (() => void) | undefined;

  constructor(message: IncomingMessage, timeoutMs: number, beforeFirstPull: () => void) {
    this.#message = message;
    this.#beforeFirstPull = beforeFirstPull;
    this.#timer = new IdleTimer(timeoutMs, () => {
      if (this.#waiting !== undefined) this.#fail('timeout', `No byte of the body arrived for ${timeoutMs} ms`);
    });
  }

  /** Bytes taken from the connection so far. */
  get received(): number {
    return this.#received;
  }

  /** Whether nothing more is to come from the client. */
  get complete(): boolean {
    return this.#ended || this.#message.complete;
  }

  /** Whether the client was too slow. */
  get timedOut(): boolean {
    return this.#failure?.code === 'timeout';
  }

  [Symbol.asyncIterator](): this {
    if (this.#iterated) throw new RequestBodyError('already_read', 'The body of a request can be read once');
    this.#iterated = true;
    return this;
  }

  next(): Promise<Piece> {
    const kept = this.#kept.shift();
    if (kept !== undefined) return Promise.resolve({ done: false, value: kept });
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve(end);
    if (this.#waiting !== undefined)
      return Promise.reject(new RequestBodyError('already_read', 'The body is read one piece at a time'));
    if (!this.#listening) this.#beforeFirstPull();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#timer.restart();
      this.#flow();
    });
  }

  return(): Promise<Piece> {
    this.#stopReading(new RequestBodyError('already_read', 'Reading the body was given up'));
    return Promise.resolve(end);
  }

  /**
   * Receives and drops what is left. Resolves when nothing is left, when more than `bytes` came, when `idleMs`
   * milliseconds passed without a byte or `wholeMs` in all, or when the connection is gone. Nobody can read the body
   * afterwards.
   */
  async discard({ bytes: limit, idleMs, wholeMs }: DiscardLimits): Promise<DiscardOutcome> {
    if (this.#ended) return 'complete';
    if (this.#message.destroyed) return 'stalled';
    this.#stopReading(new RequestBodyError('already_read', 'The request was answered'));
    let dropped = 0;
    await new Promise<void>((resolve) => {
      const settle = () => {
        idle.stop();
        whole.stop();
        resolve();
      };
      const idle = new IdleTimer(idleMs, settle);
      // A client that sends a byte now and then must not hold the connection for ever.
      const whole = new IdleTimer(wholeMs, settle);
      whole.restart();
      this.#settled = settle;
      this.#drain = (piece) => {
        dropped += piece.length;
        if (dropped > limit) settle();
        else idle.restart();
      };
      idle.restart();
      this.#flow();
    });
    this.#message.pause();
    if (this.complete) return 'complete';
    return dropped > limit ? 'over_limit' : 'stalled';
  }

  /** To be called when the connection is gone, or its bytes can no longer be read. */
  breakOff(): void {
    if (!this.#ended) this.#fail('aborted', 'The client broke off inside the request body');
    this.#settled?.();
  }

  #flow(): void {
    if (!this.#listening) this.#listen();
    this.#message.resume();
  }

  #listen(): void {
    this.#listening = true;
    this.#message
      .on('data', (piece: Uint8Array) => {
        this.#onData(piece);
      })
      .on('end', () => {
        this.#onEnd();
      })
      .on('error', () => {
        this.breakOff();
      })
      .on('close', () => {
        this.breakOff();
      });
    // The message had already closed before this listened to its events.
    if (this.#message.destroyed) this.breakOff();
  }

  #onData(piece: Uint8Array): void {
    this.#received += piece.length;
    if (this.#drain !== undefined) {
      this.#drain(piece);
      return;
    }
    const waiting = this.#takeWaiting();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: piece });
      return;
    }
    this.#kept.push(piece);
    this.#message.pause();
  }

  #onEnd(): void {
    this.#ended = true;
    this.#timer.stop();
    this.#takeWaiting()?.resolve(end);
    this.#settled?.();
  }

  #fail(code: RequestBodyErrorCode, message: string): void {
    this.#failure ??= new RequestBodyError(code, message);
    this.#timer.stop();
    this.#takeWaiting()?.reject(this.#failure);
  }

  #stopReading(reason: RequestBodyError): void {
    this.#iterated = true;
    this.#failure ??= reason;
    this.#kept = [];
    this.#timer.stop();
    this.#message.pause();
    this.#takeWaiting()?.reject(this.#failure);
  }

  #takeWaiting(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
