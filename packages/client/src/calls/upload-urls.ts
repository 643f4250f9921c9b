import type { SecretString } from '@coffer/bytes';
import { callJson } from './json-call.ts';
import type { CallContext } from './call-context.ts';

/** Where an upload can go. For one upload at a time. */
export interface UploadUrl {
  readonly url: string;
  readonly token: SecretString;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Where uploads go to: a bucket, or a large file. */
export type UploadTarget = { readonly bucketId: string } | { readonly fileId: string };

/** The service's tokens are valid for a day; a little less, so that none expires on its way. */
const lifetimeMs = 23 * 60 * 60 * 1000;
/** Idle URLs that are kept for one target; no more uploads than this to one target are likely at a time. */
const mostIdle = 100;
/** Targets of which idle URLs are kept. Large files that are neither finished nor cancelled leave theirs behind. */
const mostTargets = 1000;

/**
 * Upload URLs that are not in use. Each is used by one upload at a time, because the service refuses a second one (B2
 * docs `b2_get_upload_url`), and used again until an upload fails.
 */
export class UploadUrls {
  readonly #context: CallContext;
  readonly #idle = new Map<string, UploadUrl[]>();

  constructor(context: CallContext) {
    this.#context = context;
  }

  /** A URL for one upload. The last one that was given back, since the others are the likelier to have expired. */
  async take(target: UploadTarget, signal?: AbortSignal): Promise<UploadUrl> {
    const now = this.#context.timing.now();
    const idle = this.#idle.get(keyOf(target)) ?? [];
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      if (last.since + lifetimeMs > now) return last;
      last.token.wipe();
    }
    const answer =
      'bucketId' in target
        ? await callJson(this.#context, 'b2_get_upload_url', target, { signal })
        : await callJson(this.#context, 'b2_get_upload_part_url', target, { signal });
    return { url: answer.uploadUrl, token: answer.authorizationToken, since: now };
  }

  /** Keeps a URL for the next upload to the same target. */
  giveBack(target: UploadTarget, url: UploadUrl): void {
    const key = keyOf(target);
    const idle = this.#idle.get(key) ?? [];
    // Last among the targets: those that are used stay longest.
    this.#idle.delete(key);
    this.#idle.set(key, idle);
    if (idle.length < mostIdle) idle.push(url);
    for (const [oldest] of this.#idle) {
      if (this.#idle.size <= mostTargets) break;
      this.#idle.delete(oldest);
    }
  }

  /** Drops the URLs of a target that takes no more uploads. */
  forget(target: UploadTarget): void {
    const key = keyOf(target);
    for (const { token } of this.#idle.get(key) ?? []) token.wipe();
    this.#idle.delete(key);
  }

  /** Drops all URLs. */
  close(): void {
    for (const idle of this.#idle.values()) for (const { token } of idle) token.wipe();
    this.#idle.clear();
  }
}

function keyOf(target: UploadTarget): string {
  return 'bucketId' in target ? `bucket ${target.bucketId}` : `file ${target.fileId}`;
}
