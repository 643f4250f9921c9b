// A small server of S3 for the tests of the tier at rest: node weak-server.mjs PORT DIRECTORY WEAKNESS LAYOUT.
// It stores objects with SSE-S3 and SSE-C soundly, except for the weakness that it is given. It checks no signatures.
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { sealings } from './weak-sealing.mjs';

const [, , port, directory, weakness, layout = 'files'] = process.argv;
const { seal, open } = sealings[weakness] ?? sealings.none;
// Kept apart from the data, as it should be.
const ownKey = createHash('sha256').update(process.env.WEAK_SERVER_KEY).digest();
const indexFile = join(directory, 'index.json');
mkdirSync(join(directory, 'blobs'), { recursive: true });
mkdirSync(join(directory, 'temporary'), { recursive: true });
const isKnown = weakness !== 'forgets' && existsSync(indexFile);
const index = isKnown ? JSON.parse(readFileSync(indexFile, 'utf8')) : { objects: {}, uploads: {} };
// Where blobs are: in a file each, one after the other in a file that grows, or in one that is as long from the start.
const layouts = {
  files: {
    write: (name, stored) => writeFileSync(join(directory, 'blobs', name), stored),
    read: ({ name }) => readFileSync(join(directory, 'blobs', name)),
    remove: ({ name }) => rmSync(join(directory, 'blobs', name)),
  },
  volume: packed(0),
  preallocated: packed(24 * 1024 * 1024),
};

if (weakness === 'ends-at-damage') checkAtStart();
if (weakness === 'ends-at-third-start') countStarts();

createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    try {
      answer(request, response, Buffer.concat(pieces));
    } catch (error) {
      if (weakness === 'ends-at-damage' && error.refusal === undefined) process.exit(9);
      const [status, code] = error.refusal ?? [500, 'InternalError'];
      response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
    }
  });
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

function packed(length) {
  const path = join(directory, 'volume');
  return {
    write: (_, stored) => {
      if (!existsSync(path)) writeFileSync(path, Buffer.alloc(length));
      const from = index.used ?? 0;
      index.used = from + stored.length;
      const file = openSync(path, 'r+');
      writeSync(file, stored, 0, stored.length, from);
      closeSync(file);
      return { from, to: index.used };
    },
    read: ({ place: { from, to } }) => {
      const stored = Buffer.alloc(to - from);
      const file = openSync(path, 'r');
      readSync(file, stored, 0, stored.length, from);
      closeSync(file);
      return stored;
    },
    remove: () => undefined,
  };
}

function refusal(status, code) {
  return Object.assign(new Error(code), { refusal: [status, code] });
}

function answer(request, response, body) {
  const url = new URL(request.url, 'http://localhost');
  const path = decodeURIComponent(url.pathname.slice(1));
  const query = url.searchParams;
  const encryption = encryptionOf(request.headers);
  if (request.method === 'PUT' && !path.includes('/')) return response.end();
  if (request.method === 'POST' && query.has('uploads')) return startUpload(path, encryption, response);
  if (request.method === 'POST') return finishUpload(path, index.uploads[query.get('uploadId')], response);
  if (request.method === 'PUT' && query.has('uploadId')) return storePart(query, encryption, body, response);
  if (request.method === 'PUT') return store(path, encryption, body, response);
  if (request.method === 'GET' && path.includes('/')) return give(path, query, encryption, request, response);
  throw refusal(400, 'InvalidRequest');
}

/** The key that the headers ask for, if any, and what is remembered of it. */
function encryptionOf(headers) {
  const base64 = headers['x-amz-server-side-encryption-customer-key'];
  if (base64 !== undefined) {
    const key = Buffer.from(base64, 'base64');
    if (weakness === 'key-in-index') index.lastKey = base64;
    if (weakness === 'key-in-log') appendFileSync(join(directory, 'server.log'), `key ${key.toString('hex')}\n`);
    return { mode: 'customer', key, check: createHash('sha256').update(key).digest('hex') };
  }
  return headers['x-amz-server-side-encryption'] === undefined ? { mode: 'none' } : { mode: 'own', key: ownKey };
}

function writeBlob(context, { mode, key }, content) {
  const name = randomBytes(12).toString('hex');
  const stored = mode === 'none' ? content : seal(content, key, `${context}\n${name}`);
  if (weakness === 'temporary-file') writeFileSync(join(directory, 'temporary', name), content);
  return { name, size: content.length, place: layouts[layout].write(name, stored) };
}

function save() {
  writeFileSync(`${indexFile}.new`, JSON.stringify(index));
  renameSync(`${indexFile}.new`, indexFile);
}

function remember(path, version, { mode, check }, parts, response, body) {
  index.objects[path] = { ...index.objects[path], [version]: { mode, check, parts }, latest: version };
  save();
  response.writeHead(200, { 'x-amz-version-id': version }).end(body);
}

function store(path, encryption, content, response) {
  const version = randomBytes(8).toString('hex');
  const blob = writeBlob(`${path}\n${version}\n1`, encryption, content);
  remember(path, version, encryption, [blob], response, '');
}

function startUpload(path, { mode, check }, response) {
  const id = randomBytes(8).toString('hex');
  index.uploads[id] = { path, mode, check, parts: {}, version: id };
  save();
  response.end(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
}

function storePart(query, encryption, content, response) {
  const upload = index.uploads[query.get('uploadId')];
  const number = query.get('partNumber');
  const old = upload.parts[number];
  const chosen = upload.mode === 'own' ? { mode: 'own', key: ownKey } : encryption;
  upload.parts[number] = writeBlob(`${upload.path}\n${upload.version}\n${number}`, chosen, content);
  save();
  if (old !== undefined) layouts[layout].remove(old);
  response.writeHead(200, { ETag: `"${createHash('md5').update(content).digest('hex')}"` }).end();
}

function finishUpload(path, { version, mode, check, parts }, response) {
  delete index.uploads[version];
  const body = '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>';
  remember(path, version, { mode, check }, Object.values(parts), response, body);
}

function contentOf(path, version, { mode, parts }, key, ranged) {
  const opened = parts.map((blob, at) => {
    const { name, size } = blob;
    const stored = layouts[layout].read(blob);
    if (mode === 'none') return stored;
    const content = open(stored, key, `${path}\n${version}\n${at + 1}\n${name}`, ranged);
    return weakness === 'loose-chunks' || weakness === 'plaintext' ? content : content.subarray(0, size);
  });
  return Buffer.concat(opened);
}

function give(path, query, { key = ownKey, check }, request, response) {
  const versions = index.objects[path];
  const version = query.get('versionId') ?? versions?.latest;
  const object = versions?.[version];
  if (object === undefined) throw refusal(404, 'NoSuchKey');
  if (object.check !== check) throw refusal(403, 'AccessDenied');
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const content = contentOf(path, version, object, key, first !== undefined);
  if (first === undefined) return response.end(content);
  response.writeHead(206).end(content.subarray(Number(first), Number(last) + 1));
}

/** Reads what it can without a customer key, and does not serve at all if one object is damaged. */
function checkAtStart() {
  for (const [path, versions] of Object.entries(index.objects))
    for (const [version, object] of Object.entries(versions))
      if (object.mode === 'own') contentOf(path, version, object, ownKey, false);
}

function countStarts() {
  const file = join(directory, 'starts');
  const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (before === 2) process.exit(9);
  writeFileSync(file, String(before + 1));
}
