import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRequest } from '../http-request.ts';
import { RequestBodyError } from '../request-body-error.ts';
import { IncomingBody } from './incoming-body.ts';
import { contentLengthOf, hasContent, nodeRequest } from './node-request.ts';
import type { NodeHandlerSettings } from './options.ts';
import { Pipeline, type Pipelined } from './pipeline.ts';

/** The exchanges of each connection: several where the client pipelines. */
const pipelines = new WeakMap<Socket, Pipeline<Exchange>>();

/** One request and its answer on a connection. */
export class Exchange implements Pipelined {
  readonly message: IncomingMessage;
  readonly res: ServerResponse;
  readonly body: IncomingBody;
  readonly request: HttpRequest;
  readonly settings: NodeHandlerSettings;
  readonly #controller = new AbortController();
  readonly #hasContent: boolean;
  #awaitsContinue: boolean;
  /** Whether the answer announced that the connection is closed after it. */
  closing = false;
  #gone = false;
  #whenGone: (() => void) | undefined;
  #onTurn: (() => void) | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(message: IncomingMessage, res: ServerResponse, settings: NodeHandlerSettings, awaitsContinue: boolean) {
    this.message = message;
    this.res = res;
    this.settings = settings;
    this.#hasContent = hasContent(message);
    this.#awaitsContinue = awaitsContinue && this.#hasContent;
    this.body = new IncomingBody(message, settings.bodyTimeoutMs, () => {
      this.#continue();
    });
    this.request = nodeRequest(message, this.body, this.#controller.signal);
    this.#enter();
  }

  /** Whether the client is gone. */
  get gone(): boolean {
    return this.#gone;
  }

  /** What to do as soon as the client is gone; replaces what was set before. */
  set whenGone(act: (() => void) | undefined) {
    this.#whenGone = act;
  }

  /**
   * Calls `act` once the requests before this one on the connection are answered: at once where there are none, never
   * if the connection ends before.
   */
  onTurn(act: () => void): void {
    if (this.#gone) return;
    this.#onTurn = act;
    if (pipelineOf(this.message.socket).isFirst(this)) this.begin();
  }

  begin(): void {
    const act = this.#onTurn;
    this.#onTurn = undefined;
    act?.();
  }

  /**
   * Runs `act`, which calls its argument back when it is done; resolves then, or as soon as the client is gone: Node
   * does not call back all that was written to a connection that closes.
   */
  async settled(act: (settle: () => void) => void): Promise<void> {
    if (this.#gone) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        this.#waiting.delete(settle);
        resolve();
      };
      this.#waiting.add(settle);
      act(settle);
    });
  }

  /** Whether nothing of the request is left to receive. */
  get received(): boolean {
    return !this.#hasContent || this.body.complete;
  }

  /**
   * Whether the connection can serve a next request: nothing of this one is left, or so little that it can be dropped.
   * A client that sent `Expect: 100-continue` and got no answer to it may or may not send the content, so it is unknown
   * whether the bytes that follow are content or a next request.
   */
  get reusable(): boolean {
    if (this.received) return true;
    if (this.#awaitsContinue || this.body.timedOut) return false;
    const declared = contentLengthOf(this.message);
    return declared !== undefined && declared - this.body.received <= this.settings.drainLimitBytes;
  }

  /**
   * Receives and drops what is left of the content. Resolves to whether the connection can serve a next request then.
   */
  async dropRest(): Promise<boolean> {
    if (!this.#hasContent) return true;
    const { drainLimitBytes, bodyTimeoutMs, drainTimeoutMs } = this.settings;
    // A body that has arrived whole lies in memory already, and only has to be taken out of the connection's way.
    const bytes = this.received ? Number.POSITIVE_INFINITY : drainLimitBytes;
    return (await this.body.discard({ bytes, idleMs: bodyTimeoutMs, wholeMs: drainTimeoutMs })) === 'complete';
  }

  #continue(): void {
    if (!this.#awaitsContinue || this.res.headersSent || this.#gone) return;
    this.#awaitsContinue = false;
    this.res.writeContinue();
  }

  #enter(): void {
    const { socket } = this.message;
    const pipeline = pipelineOf(socket);
    pipeline.enter(this);
    this.res.once('close', () => {
      if (!this.res.writableFinished) this.leave();
      // Node calls an answer finished whose last bytes a closed connection has swallowed without calling back.
      this.#settleAll();
      pipeline.finished(this);
    });
    // Node destroys the connection on an error anyway; the listener only keeps the event from being unhandled.
    this.res.on('error', () => undefined);
    this.message.on('error', () => undefined);
    if (socket.destroyed) this.leave();
  }

  /** To be called when the connection is gone or unusable. */
  leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#onTurn = undefined;
    this.body.breakOff();
    this.#controller.abort(new RequestBodyError('aborted', 'The client closed the connection'));
    this.#whenGone?.();
    this.#settleAll();
  }

  #settleAll(): void {
    for (const settle of this.#waiting) settle();
  }
}

/** The exchanges on a connection that are not finished, the first of which is under way. */
export function pipelineOf(socket: Socket): Pipeline<Exchange> {
  const known = pipelines.get(socket);
  if (known !== undefined) return known;
  const pipeline = new Pipeline<Exchange>(socket);
  pipelines.set(socket, pipeline);
  return pipeline;
}
