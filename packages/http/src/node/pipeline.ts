import type { Socket } from 'node:net';

/** A request of a connection, as the pipeline sees it. */
export interface Pipelined {
  /** To be called when it is the request's turn to be answered. */
  begin(): void;
  /** To be called when the connection is gone. */
  leave(): void;
}

/** Requests that may wait for their turn before nothing more is read from their connection. */
const waitingRequests = 16;

/**
 * The requests of a connection that are not answered yet, in their order. A client may send many without waiting for
 * answers (RFC 9112 section 9.3.2), and Node tells of each as soon as its head is there. Answers go out one after the
 * other, so only the first request is under way: whatever a client sends, and however little it reads, its connection
 * has the files and buffers of one request.
 *
 * Of requests that wait there are the heads in memory, and what Node has read ahead of one body. Beyond
 * `waitingRequests` of them the connection is not read; what was read by then may hold more, of the shortest heads some
 * 2,500 in 64 KiB.
 */
export class Pipeline<Member extends Pipelined> {
  readonly #socket: Socket;
  readonly #members = new Set<Member>();
  #held = false;
  /** Milliseconds that the rest of a head may take once the connection is read again. */
  #patience: number | undefined;
  #late: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Node does not tell the queued answers of pipelined requests that the connection has closed.
    socket.once('close', () => {
      clearTimeout(this.#late);
      for (const member of this.#members) member.leave();
      this.#members.clear();
    });
    socket.on('resume', () => {
      // At the end of each request Node goes on reading. It tells of that a moment later, and starts to read even where
      // somebody has paused the connection meanwhile, as Node does for a body that nobody reads: all of it would be
      // collected in memory. Node stops when it hears of the pause again.
      if (socket.isPaused()) socket.emit('pause');
      else if (this.#held) socket.pause();
    });
  }

  /** Those that are not answered yet, the first of which is under way. */
  get members(): readonly Member[] {
    return [...this.#members];
  }

  enter(member: Member): void {
    clearTimeout(this.#late);
    this.#members.add(member);
    if (this.#members.size <= waitingRequests) return;
    this.#held = true;
    this.#socket.pause();
  }

  /**
   * Whether a head that does not come on is excused, because the connection is not read. Once it is, the rest may take
   * `patience` milliseconds: Node has given up counting for this head.
   */
  excuses(patience: number): boolean {
    if (this.#held) this.#patience = patience;
    return this.#held;
  }

  /** Whether it is the turn of a member. */
  isFirst(member: Member): boolean {
    const [first] = this.#members;
    return first === member;
  }

  /** To be called when a member was answered, or never will be: it is the turn of the next one. */
  finished(member: Member): void {
    this.#members.delete(member);
    if (this.#held && this.#members.size <= waitingRequests) {
      this.#held = false;
      this.#socket.resume();
      this.#awaitRest();
    }
    // After an answer that ends the connection nobody would get another one.
    if (!this.#socket.writable) return;
    const [first] = this.#members;
    first?.begin();
  }

  #awaitRest(): void {
    if (this.#patience === undefined) return;
    this.#late = setTimeout(() => this.#socket.destroy(), this.#patience).unref();
    this.#patience = undefined;
  }
}
