import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import B2 from 'backblaze-b2';
import type { Encryption } from './encryption.ts';
import type { Credentials, Endpoint } from './server-process.ts';

/** What its calls take besides their arguments: settings of the request that win over the package's own. */
export interface RequestSettings {
  readonly axiosOverride: { readonly headers: Readonly<Record<string, string>> };
}

/**
 * Node's `backblaze-b2`, authorised. It has no setting for the realm; the URL of its first call is overridden, and all
 * later calls go where the answer says.
 */
export async function nodeClient({ url, caFile }: Endpoint, { keyId, key }: Credentials): Promise<B2> {
  const trust = caFile === undefined ? {} : { httpsAgent: new Agent({ ca: readFileSync(caFile) }) };
  const client = new B2({
    applicationKeyId: keyId,
    applicationKey: key,
    axios: { proxy: false, ...trust },
    retry: { retries: 0 },
  });
  await client.authorize({ axiosOverride: { url: `${url}/b2api/v2/b2_authorize_account` } });
  return client;
}

/** Headers of a customer key, for uploads and downloads; the package has no argument for them. */
export function customerKeyHeaders({ key }: Encryption): RequestSettings {
  if (key === undefined) return { axiosOverride: { headers: {} } };
  const name = 'X-Bz-Server-Side-Encryption-Customer';
  return {
    axiosOverride: {
      headers: {
        [`${name}-Algorithm`]: 'AES256',
        [`${name}-Key`]: key.toString('base64'),
        [`${name}-Key-Md5`]: createHash('md5').update(key).digest('base64'),
      },
    },
  };
}
