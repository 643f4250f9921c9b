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
  /** How long the whole exchange may take. */
  readonly timeoutMilliseconds: number;
  /** Certificates of authorities, in PEM, which replace those that Node knows. */
  readonly ca?: string;
}

/** What became of a webhook. The bucket's owner sees `reason`. */
export type SendResult = { readonly delivered: true } | { readonly delivered: false; readonly reason: string };

/** Bytes of an answer's body that are read and dropped, so that the receiver can finish its answer. */
const longestAnswer = 65_536;

/**
 * Posts a webhook. It counts as delivered if the answer has a status of 200 to 299. Redirects are not followed, since
 * they would lead to a place that the rule's owner did not name. Never rejects.
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
    // A connection that is kept for later requests would outlive the check of its address.
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
    // Also happens when the receiver answers by changing the protocol, which counts as no answer.
    request.on('close', () => {
      reject(new Error('The connection was closed without an answer'));
    });
    request.end(body);
  });
}

/**
 * Waits for the end of an answer. Its status has already decided whether the webhook was delivered, so the body may be
 * too long, late or cut off.
 */
async function drain(response: IncomingMessage): Promise<void> {
  let length = 0;
  try {
    for await (const piece of response) {
      length += (piece as Uint8Array).length;
      if (length > longestAnswer) break;
    }
  } catch {
    // The status has already decided.
  }
  response.destroy();
}

function judge(status: number): SendResult {
  if (status >= 200 && status < 300) return { delivered: true };
  const what = status >= 300 && status < 400 ? 'a redirect, which is not followed' : `status ${status}`;
  return { delivered: false, reason: `The receiver answered with ${what}` };
}

/**
 * The reason for the bucket's owner: only the code of an error in resolving, connecting or TLS, since its text could
 * tell about this server's network.
 */
function describe(error: unknown): string {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (cause instanceof WebhookRefusedError) return cause.message;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code === undefined
    ? 'The connection to the receiver failed'
    : `The connection to the receiver failed: ${code}`;
}
