import { collect, fromWebStream } from '@coffer/bytes';
import type * as z from 'zod';
import { ClientError } from '../errors/client-error.ts';
import type { Timing } from '../retries/timing.ts';
import { errorOfAnswer } from './error-answer.ts';
import type { OutgoingRequest } from './request.ts';

/** The `fetch` of the runtime, or what does the same. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How requests are sent. */
export interface TransportOptions {
  readonly fetch: Fetch;
  readonly timing: Timing;
  /** Milliseconds in which an answer has to begin. */
  readonly timeoutMs?: number | undefined;
  readonly allowCustomerKeysOverHttp: boolean;
  /** Sent with every request. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The longest JSON that is read: a page of 10,000 files with the most file info is below that. */
const longestJson = 2 ** 28;

/** Sends requests, each once. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * The answer, once its head is there; the body is still to be read.
   *
   * @throws ClientError if there is none, or if it is a refusal.
   */
  async send(request: OutgoingRequest): Promise<Response> {
    this.#checkConnection(request);
    request.signal?.throwIfAborted();
    const response = await this.#fetch(request, requestHeaders(this.#options, request));
    if (response.ok) return response;
    throw await errorOfAnswer(response, request);
  }

  /** The JSON of the answer, read by `schema`. */
  async json<Schema extends z.ZodType>(request: OutgoingRequest, schema: Schema): Promise<z.output<Schema>> {
    const response = await this.send(request);
    const bytes = await readAll(response, request);
    const parsed = schema.safeParse(parseJson(bytes));
    if (parsed.success) return parsed.data;
    // The values are not shown: some are secrets.
    const place = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    throw notOfB2(
      request,
      response,
      place === '' ? 'is not the JSON that is expected' : `is not as expected: ${place}`,
    );
  }

  async #fetch(request: OutgoingRequest, headers: Headers): Promise<Response> {
    const { fetch, timing, timeoutMs } = this.#options;
    const { operation, signal } = request;
    const late = new AbortController();
    const stopTimer =
      timeoutMs === undefined
        ? undefined
        : timing.after(timeoutMs, () => {
            late.abort();
          });
    try {
      return await fetch(request.url, {
        method: request.method,
        headers,
        ...(request.body === undefined ? {} : { body: request.body as Uint8Array<ArrayBuffer> | Blob | string }),
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
        // B2 never redirects; whoever does would get the token, and perhaps a customer key.
        redirect: 'error',
        credentials: 'omit',
      });
    } catch (cause) {
      signal?.throwIfAborted();
      if (late.signal.aborted) {
        throw new ClientError('timed_out', `${operation} was not answered within ${timeoutMs} ms`, { operation });
      }
      throw new ClientError('connection_failed', `${operation} got no answer`, { operation, cause });
    } finally {
      stopTimer?.();
    }
  }

  #checkConnection({ operation, url, holdsCustomerKey }: OutgoingRequest): void {
    if (!holdsCustomerKey || this.#options.allowCustomerKeysOverHttp || url.startsWith('https://')) return;
    const message = 'A customer key is sent over HTTPS only, unless allowCustomerKeysOverHttp says otherwise';
    throw new ClientError('customer_key_over_http', message, { operation });
  }
}

function requestHeaders(options: TransportOptions, { operation, headers }: OutgoingRequest): Headers {
  try {
    return new Headers([...options.headers, ...headers].map(([name, value]): [string, string] => [name, value]));
  } catch {
    // The runtime's error would show the value.
    throw new ClientError('invalid_request', 'A value cannot be sent in a header', { operation });
  }
}

async function readAll(response: Response, request: OutgoingRequest): Promise<Uint8Array> {
  const { operation, signal } = request;
  try {
    return response.body === null ? new Uint8Array() : await collect(fromWebStream(response.body), longestJson);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ClientError('connection_failed', `The answer to ${operation} broke off`, { operation, cause });
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The error for an answer that no server of B2 gives. */
export function notOfB2({ operation }: OutgoingRequest, { status, headers }: Response, problem: string): ClientError {
  const requestId = headers.get('x-bz-request-id') ?? undefined;
  return new ClientError('invalid_response', `The answer to ${operation} ${problem}`, { operation, status, requestId });
}
