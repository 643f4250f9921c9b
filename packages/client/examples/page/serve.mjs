// The page's own server: gives out the page, and passes on the calls that the service takes from no page.
//   B2_APPLICATION_KEY_ID=… B2_APPLICATION_KEY=… node packages/client/examples/page/serve.mjs
// The key is best one for a single bucket, with `readFiles` and `writeFiles`. B2_URL is another server, PORT a port.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const { B2_APPLICATION_KEY_ID, B2_APPLICATION_KEY, B2_URL = 'https://api.backblazeb2.com', PORT = '0' } = process.env;
const longestCall = 100_000;
const file = (name) => fileURLToPath(new URL(name, import.meta.url));

async function bundled() {
  const build = await rolldown({
    input: file('page.mjs'),
    platform: 'browser',
    resolve: { conditionNames: ['@coffer/source', 'browser', 'import', 'default'] },
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  await build.close();
  return output[0].code;
}

const script = await bundled();
const html = await readFile(file('index.html'));

/** Where `b2_authorize_account` said that calls go. */
let apiUrl = B2_URL;

async function passOn(request, name) {
  const body = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > longestCall) throw new Error('the call is too long');
    body.push(piece);
  }
  const own = `Basic ${Buffer.from(`${B2_APPLICATION_KEY_ID}:${B2_APPLICATION_KEY}`).toString('base64')}`;
  const isOwn = name === 'b2_authorize_account';
  const answer = await fetch(`${isOwn ? B2_URL : apiUrl}/b2api/v4/${name}`, {
    method: 'POST',
    headers: { Authorization: isOwn ? own : (request.headers.authorization ?? '') },
    body: Buffer.concat(body),
  });
  const json = await answer.json();
  if (isOwn && answer.ok) apiUrl = json.apiInfo.storageApi.apiUrl;
  return { status: answer.status, type: 'application/json', body: JSON.stringify(json) };
}

async function answerTo(request) {
  const { method, url } = request;
  if (method === 'GET' && url === '/') return { status: 200, type: 'text/html', body: html };
  if (method === 'GET' && url === '/page.js') return { status: 200, type: 'text/javascript', body: script };
  const [, name] = /^\/b2api\/v4\/(b2_authorize_account|b2_get_upload_url|b2_get_file_info)$/.exec(url) ?? [];
  if (method === 'POST' && name !== undefined) return passOn(request, name);
  return { status: 404, type: 'text/plain', body: 'Not found' };
}

const server = createServer(async (request, response) => {
  const answer = await answerTo(request).catch(() => ({ status: 502, type: 'text/plain', body: 'No answer' }));
  response.writeHead(answer.status, { 'Content-Type': answer.type, 'Cache-Control': 'no-store' }).end(answer.body);
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
