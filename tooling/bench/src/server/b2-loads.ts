import { uploadTarget, type Account, type UploadTarget } from './coffer-account.ts';
import { bucketName } from './coffer-process.ts';
import type { Encryption } from './encryption.ts';
import type { LoadRequest, Payload } from './load.ts';

/** Many more than there are connections, so that one has been answered long before its turn comes again. */
const targetCount = 1_024;

/** Gets targets one after the other: all at once would need more connections than the server allows one address. */
export async function manyUploadTargets(account: Account, bucketId: string): Promise<readonly UploadTarget[]> {
  const targets: UploadTarget[] = [];
  for (let i = 0; i < targetCount; i++) targets.push(await uploadTarget(account, bucketId));
  return targets;
}

/** An upload of each name, which take turns with the targets. */
export function b2Uploads(
  targets: readonly UploadTarget[],
  names: readonly string[],
  { sha1 }: Pick<Payload, 'sha1'>,
  { b2 }: Encryption,
): readonly LoadRequest[] {
  return names.map((name, i) => {
    const { path: target, token } = targets[i % targets.length] ?? { path: '', token: '' };
    const headers = {
      Authorization: token,
      'X-Bz-File-Name': name,
      'Content-Type': 'application/octet-stream',
      'X-Bz-Content-Sha1': sha1,
      ...b2.upload,
    };
    return { method: 'POST', target, headers };
  });
}

export function b2Downloads({ token }: Account, names: readonly string[], { b2 }: Encryption): readonly LoadRequest[] {
  const headers = { Authorization: token, ...b2.download };
  return names.map((name) => ({ method: 'GET', target: `/file/${bucketName}/${name}`, headers }));
}
