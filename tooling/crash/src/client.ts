import { readAnswer, rowsIn, textIn, type Answer } from './answer.ts';
import { sha1Of } from './content.ts';
import type { Encryption } from './encryption.ts';

export interface Credentials {
  readonly keyId: string;
  readonly key: string;
}

/** Talks to one run of the server, over as many connections as there are requests at once. */
export class Client {
  readonly accountId: string;
  readonly #api: string;
  readonly #token: string;

  private constructor(origin: string, answer: Answer) {
    this.accountId = textIn(answer, 'accountId');
    this.#token = textIn(answer, 'authorizationToken');
    this.#api = `${origin}/b2api/v4`;
  }

  /** @throws Refusal if the key is not one. */
  static async open(origin: string, { keyId, key }: Credentials): Promise<Client> {
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64');
    const headers = { Authorization: `Basic ${basic}` };
    return new Client(origin, await readAnswer(await fetch(`${origin}/b2api/v4/b2_authorize_account`, { headers })));
  }

  /** @throws Refusal, or another error if there was no whole answer. */
  async call(operation: string, fields: object): Promise<Answer> {
    const headers = { Authorization: this.#token };
    const body = JSON.stringify(fields);
    return readAnswer(await fetch(`${this.#api}/${operation}`, { method: 'POST', headers, body }));
  }

  /** Sends data to an upload URL. @throws Refusal, or another error if there was no whole answer. */
  async send(url: Answer, data: Buffer<ArrayBuffer>, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const all = {
      ...headers,
      Authorization: textIn(url, 'authorizationToken'),
      'X-Bz-Content-Sha1': sha1Of(data),
    };
    return readAnswer(await fetch(textIn(url, 'uploadUrl'), { method: 'POST', headers: all, body: data }));
  }

  /** A whole file. @throws Refusal, or another error if it broke off. */
  async download(fileId: string, encryption: Encryption): Promise<Buffer> {
    const headers = { ...encryption.keyHeaders, Authorization: this.#token };
    const response = await fetch(`${this.#api}/b2_download_file_by_id?fileId=${fileId}`, { headers });
    if (response.status !== 200) await readAnswer(response);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Every row of a listing of versions, or of names, page by page. */
  async listFiles(
    operation: 'b2_list_file_versions' | 'b2_list_file_names',
    bucketId: string,
  ): Promise<readonly Answer[]> {
    const all: Answer[] = [];
    for (let start: object | undefined = {}; start !== undefined;) {
      const page = await this.call(operation, { bucketId, maxFileCount: 1000, ...start });
      all.push(...rowsIn(page, 'files'));
      start = nextOf(page);
    }
    return all;
  }
}

function nextOf({ nextFileName, nextFileId }: Answer): object | undefined {
  if (typeof nextFileName !== 'string') return undefined;
  return { startFileName: nextFileName, ...(typeof nextFileId === 'string' ? { startFileId: nextFileId } : {}) };
}
