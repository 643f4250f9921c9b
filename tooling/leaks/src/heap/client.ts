import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

type Fields = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

/** A client with a key, over connections that stay open. */
export class Client {
  readonly #origin: string;
  readonly #token: string;
  readonly accountId: string;

  private constructor(origin: string, token: string, accountId: string) {
    this.#origin = origin;
    this.#token = token;
    this.accountId = accountId;
  }

  static async authorize(origin: string, keyId: string, key: string): Promise<Client> {
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64');
    const response = await fetch(`${origin}/b2api/v4/b2_authorize_account`, {
      headers: { Authorization: `Basic ${basic}` },
    });
    const fields = await jsonOf(response);
    return new Client(origin, String(fields['authorizationToken']), String(fields['accountId']));
  }

  /** The JSON of a success. @throws Error for anything else. */
  async api(operation: string, fields: Fields): Promise<Record<string, unknown>> {
    return jsonOf(await this.tryApi(operation, fields));
  }

  tryApi(operation: string, fields: Fields): Promise<Response> {
    const body = JSON.stringify(fields);
    return fetch(`${this.#origin}/b2api/v4/${operation}`, { method: 'POST', headers: this.#headers, body });
  }

  /** Uploads a file; resolves to its id. */
  async upload(bucketId: string, name: string, data: Uint8Array, headers: Headers = {}): Promise<string> {
    const target = await this.api('b2_get_upload_url', { bucketId });
    const own = { 'X-Bz-File-Name': name, 'Content-Type': 'b2/x-auto', ...headers };
    return String((await jsonOf(await this.#send(target, data, own)))['fileId']);
  }

  /** Uploads a part; resolves to its SHA-1. */
  async uploadPart(fileId: string, partNumber: number, data: Uint8Array, headers: Headers = {}): Promise<string> {
    const target = await this.api('b2_get_upload_part_url', { fileId });
    const own = { 'X-Bz-Part-Number': String(partNumber), ...headers };
    return String((await jsonOf(await this.#send(target, data, own)))['contentSha1']);
  }

  /** Downloads a file; resolves to the status and the bytes. */
  async download(path: string, headers: Headers = {}): Promise<{ status: number; bytes: Buffer }> {
    const response = await fetch(`${this.#origin}${path}`, { headers: { ...this.#headers, ...headers } });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  get #headers(): Headers {
    return { Authorization: this.#token };
  }

  #send(target: Fields, data: Uint8Array, headers: Headers): Promise<Response> {
    return fetch(String(target['uploadUrl']), {
      method: 'POST',
      headers: {
        Authorization: String(target['authorizationToken']),
        'X-Bz-Content-Sha1': createHash('sha1').update(data).digest('hex'),
        ...headers,
      },
      body: data as Uint8Array<ArrayBuffer>,
    });
  }
}

async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`Answered with ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
