// The page's part of the example. `serve.mjs` makes `page.js` of it, with all that it imports.
/* global atob, btoa, crypto, document, Response */
import { ClientError, createClient, sseC } from '@coffer/client';

/** What the service does not let pages of other origins call: the page's own server passes these on. */
const passedOn = /\/b2api\/v4\/(?:b2_authorize_account|b2_get_upload_url|b2_get_file_info)$/;

/** The longest file that one request may upload. Files in parts would put the key into the body of a request. */
const longestUpload = 5_000_000_000;

const element = (id) => document.getElementById(id);

// The application key is the server's business: it puts its own in place of this one.
const client = createClient({
  keyId: 'page',
  key: 'none',
  fetch: (url, init) => {
    const { pathname } = new URL(url);
    return fetch(passedOn.test(pathname) ? pathname : url, init);
  },
});

function encryption() {
  return sseC(Uint8Array.from(atob(element('key').value), (character) => character.charCodeAt(0)));
}

function newKey() {
  element('key').value = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}

async function upload() {
  const [data] = element('file').files;
  if (data === undefined) throw new Error('choose a file');
  const [bucket] = (await client.account()).allowed.buckets ?? [];
  if (bucket === undefined) throw new Error("the server's application key has to be for one bucket");
  const { fileId } = await client.upload({
    bucketId: bucket.id,
    fileName: data.name,
    data,
    encryption: encryption(),
    partSize: longestUpload,
  });
  element('file-id').value = fileId;
}

async function download() {
  const { file, stream } = await client.download({ fileId: element('file-id').value, encryption: encryption() });
  // Ends with an error if the SHA-1 is not that of the file.
  const content = await new Response(stream).blob();
  const link = element('content');
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(content);
  link.download = file.fileName.split('/').at(-1);
  link.hidden = false;
}

function onClick(id, action) {
  element(id).addEventListener('click', async () => {
    element('status').textContent = 'working';
    try {
      await action();
      element('status').textContent = `${id}: done`;
    } catch (error) {
      element('status').textContent = `${id}: ${ClientError.is(error) ? error.code : error.message}`;
    }
  });
}

onClick('new-key', newKey);
onClick('upload', upload);
onClick('download', download);
