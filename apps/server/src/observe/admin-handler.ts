import type { HttpHandler, HttpResponse } from '@coffer/http';
import type { StorageHealth } from '@coffer/storage-core';
import type { Front } from '../server/front.ts';

/** The phase of the server's life. Only in `ready` it can take traffic. */
export type ServerState = 'starting' | 'ready' | 'stopping';

export interface AdminOptions {
  readonly state: () => ServerState;
  /** Rejects while the store cannot answer. */
  readonly checkStore: () => Promise<unknown>;
  /** What is served, and how well. */
  readonly front: Pick<Front, 'refresh' | 'health' | 'shortcoming' | 'render'>;
}

/**
 * The operator's own endpoint. It has no authentication, so it is for trusted networks only:
 *
 * - `/healthz`: 200 while the process answers at all;
 * - `/readyz`: 200 when it takes requests and its store answers, also while a full disk makes it read-only, which the
 *   text says; otherwise 503 with the reason, such as too few workers;
 * - `/metrics`: Prometheus.
 */
export function createAdminHandler(options: AdminOptions): HttpHandler {
  return async ({ method, target }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return text(405, 'Only GET and HEAD are answered here', [['Allow', 'GET, HEAD']]);
    switch (target.split('?', 1)[0]) {
      case '/healthz':
        return text(200, 'ok');
      case '/readyz':
        return readiness(options);
      case '/metrics':
        return metricsPage(options);
      default:
        return text(404, 'There are /healthz, /readyz and /metrics');
    }
  };
}

async function readiness({ state, checkStore, front }: AdminOptions): Promise<HttpResponse> {
  const now = state();
  if (now !== 'ready') return text(503, now);
  try {
    await checkStore();
  } catch {
    return text(503, 'the store does not answer');
  }
  await front.refresh();
  const shortcoming = front.shortcoming();
  return shortcoming === undefined ? storageReadiness(front.health()) : text(503, shortcoming);
}

function storageReadiness({ state, reason }: StorageHealth): HttpResponse {
  switch (state) {
    case 'ok':
      return text(200, 'ready');
    case 'read-only':
      return text(200, `ready, read-only: ${reason ?? ''}`);
    case 'failed':
      return text(503, `the store takes no changes until the server is started again: ${reason ?? ''}`);
  }
}

async function metricsPage({ front }: AdminOptions): Promise<HttpResponse> {
  await front.refresh();
  const { contentType, text: page } = await front.render();
  return { status: 200, headers: [['Content-Type', contentType]], body: new TextEncoder().encode(page) };
}

function text(status: number, line: string, headers: HttpResponse['headers'] = []): HttpResponse {
  const type = ['Content-Type', 'text/plain; charset=utf-8'] as const;
  return { status, headers: [type, ...headers], body: new TextEncoder().encode(`${line}\n`) };
}
