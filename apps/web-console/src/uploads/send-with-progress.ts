/**
 * Sends a request whose body is bytes, and tells how much of them has gone out, which `fetch` does not. Rejects like
 * `fetch`, with a `TypeError` if there is no answer, and with the signal's reason.
 */
export function sendWithProgress(url: string, init: RequestInit, onSent: (bytes: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = init;
    const request = new XMLHttpRequest();
    request.open(init.method ?? 'GET', url);
    request.responseType = 'arraybuffer';
    new Headers(init.headers).forEach((value, name) => {
      request.setRequestHeader(name, value);
    });
    const abort = (): void => {
      request.abort();
    };
    request.upload.onprogress = ({ loaded }) => {
      onSent(loaded);
    };
    request.onload = () => {
      // Nobody may redirect it: whoever did would get the token, and perhaps a customer key.
      if (request.responseURL === url) resolve(answerOf(request));
      else reject(new TypeError('The request was redirected'));
    };
    request.onerror = () => {
      reject(new TypeError('The request got no answer'));
    };
    request.onabort = () => {
      reject(signal?.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
    };
    request.onloadend = () => {
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted === true) {
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
      return;
    }
    signal?.addEventListener('abort', abort);
    request.send(init.body as XMLHttpRequestBodyInit);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const { status } = request;
  const hasNoBody = status === 204 || status === 205 || status === 304;
  return new Response(hasNoBody ? null : (request.response as ArrayBuffer), { status, headers });
}
