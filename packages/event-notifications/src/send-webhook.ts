import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { hostOf, WebhookRefusedError, type AddressPolicy } from './address-policy.ts';

export interface Webhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface SendOptions {
  readonly policy: AddressPolicy;
  /** For the whole exchange. */
  readonly timeoutMilliseconds: number;
  /** Certificates of authorities, in PEM, instead of those that Node knows. */
  readonly ca?: string;
}

/** What became of a webhook. `reason` is for the bucket's owner. */
export type SendResult = { readonly delivered: true } | { readonly delivered: false; readonly reason: string };

/** As much of an answer's body is read, so that the receiver can finish it; nothing is made of it. */
const longestAnswer = 65_536;

/**
 * Posts a webhook. Delivered is what was answered with a status of 200 to 299; redirects are not followed, since they
 * would lead where the rule's owner did not say. Never rejects.
 */
export async function sendWebhook(webhook: Webhook, options: SendOptions): Promise<SendResult> {
  const timeout = AbortSignal.timeout(options.timeoutMilliseconds);
  try {
    const url = new URL(webhook.url);
    options.policy.check(url);
    const response = await answerOf(open(url, webhook, options, timeout), webhook.body);
    await drain(response);
    return judge(response.statusCode ?? 0);
  } catch (error) {
    return { delivered: false, reason: timeout.aborted ? 'The receiver did not answer in time' : describe(error) };
  }
}

function open(url: URL, { headers, body }: Webhook, { policy, ca }: SendOptions, signal: AbortSignal): ClientRequest {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return request({
    method: 'POST',
    host: hostOf(url),
    port: url.port,
    path: url.pathname + url.search,
    headers: { ...headers, 'Content-Length': body.length },
    // A connection that is kept would outlive the look-up that it was allowed by.
    agent: false,
    lookup: policy.lookup,
    signal,
    ...(ca !== undefined && { ca }),
  });
}

function answerOf(request: ClientRequest, body: Uint8Array): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    // Also after an answer that changes the protocol, which is none.
    request.on('close', () => {
      reject(new Error('The connection was closed without an answer'));
    });
    request.end(body);
  });
}

/** Waits for the end of an answer whose status is the verdict already: its body may be too long, late or cut. */
async function drain(response: IncomingMessage): Promise<void> {
  let length = 0;
  try {
    for await (const piece of response) {
      length += (piece as Uint8Array).length;
      if (length > longestAnswer) break;
    }
  } catch {
    // The verdict stands.
  }
  response.destroy();
}

function judge(status: number): SendResult {
  if (status >= 200 && status < 300) return { delivered: true };
  const what = status >= 300 && status < 400 ? 'a redirect, which is not followed' : `status ${status}`;
  return { delivered: false, reason: `The receiver answered with ${what}` };
}

/** Codes of errors of connecting, resolving and TLS; other texts could tell of this server's network. */
function describe(error: unknown): string {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (cause instanceof WebhookRefusedError) return cause.message;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code === undefined
    ? 'The connection to the receiver failed'
    : `The connection to the receiver failed: ${code}`;
}
