import { Buffer } from 'node:buffer';
import { ServerResponse } from 'node:http';
import { collectAnswer } from './answer.ts';
import type { Collector } from './collector.ts';

type Method = (this: ServerResponse, ...args: unknown[]) => unknown;

interface Sent {
  readonly headers: [string, string][];
  readonly pieces: Buffer[];
}

/** From now on every answer that a Node server of this process sends is collected, over HTTP and HTTPS. */
export function watchHttp(collector: Collector): void {
  const sent = new WeakMap<ServerResponse, Sent>();
  const of = (response: ServerResponse): Sent => {
    const known = sent.get(response) ?? { headers: [], pieces: [] };
    sent.set(response, known);
    return known;
  };
  const methods = ServerResponse.prototype as unknown as Record<'writeHead' | 'write' | 'end', Method>;
  const { writeHead, write, end } = methods;
  methods.writeHead = function (...args) {
    of(this).headers.push(...pairsOf(args.at(-1)));
    return writeHead.apply(this, args);
  };
  methods.write = function (...args) {
    keep(of(this), args[0]);
    return write.apply(this, args);
  };
  methods.end = function (...args) {
    const { headers, pieces } = of(this);
    keep(of(this), args[0]);
    sent.delete(this);
    const result = end.apply(this, args);
    const { method = '', url: target = '' } = this.req;
    const own = pairsOf(this.getHeaders());
    collectAnswer(collector, {
      method,
      target,
      status: this.statusCode,
      headers: [...own, ...headers],
      body: Buffer.concat(pieces),
    });
    return result;
  };
}

function keep({ pieces }: Sent, piece: unknown): void {
  if (typeof piece === 'string' || piece instanceof Uint8Array) pieces.push(Buffer.from(piece as Uint8Array));
}

/** Headers as `writeHead` takes them: name and value in turn, or an object. */
function pairsOf(headers: unknown): [string, string][] {
  if (typeof headers !== 'object' || headers === null) return [];
  if (!Array.isArray(headers)) return Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const flat = headers.map(String);
  return flat.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : []));
}
