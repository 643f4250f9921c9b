import type { HttpHandler, HttpRequest, HttpResponse } from '@coffer/http';

const page = (apis: string, s3: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Coffer</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
:root { color-scheme: light dark }
</style>
<h1>Coffer</h1>
<p>This is an object-storage server that speaks ${apis} and encrypts what it stores. It runs.
Clients use it at this address; the web console has an address of its own, which the server prints when it starts.</p>
<p>With the <code>b2</code> command-line tool, set <code>B2_ENVIRONMENT</code> to the address of this page, without the
slash at its end, and run <code>b2 account authorize</code>. Programs begin with
<code>/b2api/v4/b2_authorize_account</code>. Key id and key are known to whoever started the server:
<code>coffer keys show-master</code> prints them there.</p>
${s3}</html>
`;

const b2Page = page('the Backblaze B2 Native API', '');
const bothPage = page(
  'the Backblaze B2 Native API and the S3 Compatible API',
  `<p>Clients of S3 take the address of this page as their endpoint, and an application key:
<code>coffer keys show-s3</code> prints one.</p>
`,
);

const answer = (text: string): HttpResponse => ({
  status: 200,
  headers: [
    ['Content-Type', 'text/html; charset=utf-8'],
    [
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    ],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cache-Control', 'no-store'],
    ['Vary', 'Accept'],
  ],
  body: new TextEncoder().encode(text),
});

/**
 * Shows a page about the server to somebody who opens it in a browser. Every other request, and `/` from programs, goes
 * to the handler. `hasS3`: whether S3 is served at the same address.
 */
export function withFrontPage(handler: HttpHandler, hasS3: boolean): HttpHandler {
  const shown = answer(hasS3 ? bothPage : b2Page);
  return (request) => (isOfBrowser(request) ? Promise.resolve(shown) : handler(request));
}

function isOfBrowser({ method, target, headers }: HttpRequest): boolean {
  const path = target.split('?', 1)[0];
  return method === 'GET' && path === '/' && headers.getAll('Accept').some((value) => /\btext\/html\b/i.test(value));
}
