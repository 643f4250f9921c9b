import { createHash } from 'node:crypto';
import { sha1 } from './random.mjs';

const customerKey = Buffer.alloc(32, 9);
const customerHeaders = {
  'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
  'X-Bz-Server-Side-Encryption-Customer-Key': customerKey.toString('base64'),
  'X-Bz-Server-Side-Encryption-Customer-Key-Md5': createHash('md5').update(customerKey).digest('base64'),
};
const headersOf = { none: {}, 'SSE-B2': { 'X-Bz-Server-Side-Encryption': 'AES256' }, 'SSE-C': customerHeaders };
const jsonOf = {
  none: { mode: null },
  'SSE-B2': { mode: 'SSE-B2', algorithm: 'AES256' },
  'SSE-C': {
    mode: 'SSE-C',
    algorithm: 'AES256',
    customerKey: customerKey.toString('base64'),
    customerKeyMd5: customerHeaders['X-Bz-Server-Side-Encryption-Customer-Key-Md5'],
  },
};

export const modes = Object.keys(jsonOf);
export const settingOf = (mode) => jsonOf[mode];

/** What the server answered that is not a success. Anything else that is thrown means that there was no answer. */
export class Refusal extends Error {}

export class Client {
  #origin;
  #token;

  constructor(origin, token, accountId) {
    this.#origin = origin;
    this.#token = token;
    this.accountId = accountId;
  }

  static async open(origin, { keyId, key }) {
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64');
    const answer = await fetch(`${origin}/b2api/v3/b2_authorize_account`, {
      headers: { Authorization: `Basic ${basic}` },
    });
    const { authorizationToken, accountId } = await answer.json();
    return new Client(origin, authorizationToken, accountId);
  }

  async call(operation, fields) {
    const answer = await fetch(`${this.#origin}/b2api/v4/${operation}`, {
      method: 'POST',
      headers: { Authorization: this.#token },
      body: JSON.stringify(fields),
    });
    return read(answer);
  }

  /** Sends data to an upload URL. */
  async send(url, data, mode, headers) {
    const own = {
      Authorization: url.authorizationToken,
      'X-Bz-Content-Sha1': sha1(data),
      ...headersOf[mode],
      ...headers,
    };
    return read(await fetch(url.uploadUrl, { method: 'POST', headers: own, body: data }));
  }

  async download(fileId, mode) {
    const headers = { Authorization: this.#token, ...(mode === 'SSE-C' ? customerHeaders : {}) };
    const answer = await fetch(`${this.#origin}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`, { headers });
    if (answer.status !== 200) throw new Refusal(`${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  async versions(bucketId) {
    const all = [];
    for (let start = {}; start !== undefined;) {
      const page = await this.call('b2_list_file_versions', { bucketId, maxFileCount: 1000, ...start });
      all.push(...page.files);
      const { nextFileName: startFileName, nextFileId: startFileId } = page;
      start = startFileName === null ? undefined : { startFileName, startFileId };
    }
    return all;
  }
}

async function read(answer) {
  const json = await answer.json();
  if (answer.status !== 200) throw new Refusal(`${answer.status} ${json.code} ${json.message}`);
  return json;
}
