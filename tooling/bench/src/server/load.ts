/** A request without its `Host` and `Content-Length`, which the load generator and the client add. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As it is sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is sent and fetched. */
export interface Payload {
  /** The name of a file with the bytes. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly sha1: string;
}

/** Requests that are sent one after the other, and over again. */
export interface Load {
  readonly requests: readonly LoadRequest[];
  /** Body of each request; null for none. */
  readonly payload: Payload | null;
}

/**
 * From this size on, each connection sends one request only: putting more together would keep the load generator busy.
 */
export const largeBody = 2 ** 20;

/**
 * How many names uploads need: so many that a load of some seconds does not come to one again, or of large bodies one
 * for each of the connections, of which there are fewer.
 */
export function nameCountOf({ bytes }: Payload): number {
  return bytes.length < largeBody ? 16_384 : 64;
}

/** Whether each thread of the load generator has one connection and sends one request. */
export function isOnePerThread({ payload }: Load): boolean {
  return payload !== null && payload.bytes.length >= largeBody;
}

/** The load as the file that `wrk/request.lua` reads. */
export function loadAsText(load: Load, host: string): string {
  const heads = load.requests.map((request) => headOf(request, host, load.payload?.bytes.length));
  return [
    `${load.payload?.file ?? ''}\n${isOnePerThread(load) ? 'thread' : 'each'}\n`,
    ...heads.map((head) => `${head.length}\n${head}`),
  ].join('');
}

function headOf({ method, target, headers }: LoadRequest, host: string, length: number | undefined): string {
  const fields = { Host: host, ...headers, ...(length !== undefined && { 'Content-Length': String(length) }) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const all = [`${method} ${target} HTTP/1.1`, ...lines];
  if (!all.every((line) => /^[\x20-\x7e]*$/.test(line)))
    throw new RangeError('Only printable ASCII goes into the load of a benchmark');
  return `${all.join('\r\n')}\r\n\r\n`;
}
