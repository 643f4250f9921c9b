import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LoadRequest } from './load.ts';

interface Answer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Pieces of a body that are handed to the socket at once. */
const pieceSize = 256 * 1024;

/** A client of one server over connections that stay open. */
export class HttpClient {
  readonly #url: string;
  readonly #agent: HttpAgent;
  readonly #request: typeof httpRequest;

  /** `certificate`: the only one to trust, in PEM, for a URL of HTTPS. */
  constructor(url: string, certificate?: string) {
    this.#url = url;
    const isSecure = url.startsWith('https:');
    this.#agent = isSecure ? new HttpsAgent({ keepAlive: true, ca: certificate }) : new HttpAgent({ keepAlive: true });
    this.#request = isSecure ? httpsRequest : httpRequest;
  }

  /** As in the header `Host`. */
  get host(): string {
    return new URL(this.#url).host;
  }

  /** @throws Error unless the status is 200. */
  async send(request: LoadRequest, body: readonly Uint8Array[] = []): Promise<Answer> {
    const answer = await this.open(request, body);
    const pieces: Buffer[] = [];
    for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece);
    return { headers: answer.headers, body: Buffer.concat(pieces) };
  }

  /**
   * The answer, whose body is still to be read.
   *
   * @throws Error unless the status is 200.
   */
  async open({ method, target, headers }: LoadRequest, body: readonly Uint8Array[] = []): Promise<IncomingMessage> {
    const length = body.reduce((sum, { length }) => sum + length, 0);
    const fields = { ...headers, ...(method !== 'GET' && { 'Content-Length': length }) };
    const request = this.#request(this.#url, { agent: this.#agent, method, path: target, headers: fields });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    const [[answer]] = await Promise.all([answered, sendBody(request, body)]);
    if (answer.statusCode === 200) return answer;
    const text = Buffer.concat(await answer.toArray()).toString();
    throw new Error(`${method} ${target} was answered with ${answer.statusCode}: ${text}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Hands on as much as the connection takes. An answer that comes too early ends the request with an error. */
async function sendBody(request: ClientRequest, body: readonly Uint8Array[]): Promise<void> {
  for (const bytes of body) {
    for (let at = 0; at < bytes.length; at += pieceSize) {
      if (!request.write(bytes.subarray(at, at + pieceSize))) await once(request, 'drain');
    }
  }
  request.end();
}
