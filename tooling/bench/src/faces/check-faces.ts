import type { HttpClient } from '../server/http-client.ts';
import type { LoadRequest, Payload } from '../server/load.ts';
import type { Faces } from './face.ts';

/**
 * Uploads a file by each contestant, and compares it byte for byte with what each contestant downloads.
 *
 * @throws Error if one is not as it was uploaded, so that no figure is measured with wrong answers.
 */
export async function checkFaces(client: HttpClient, faces: Faces, payload: Payload): Promise<void> {
  for (const [uploader, upload] of faces.upload) {
    const name = `check/${uploader.replaceAll(' ', '-')}`;
    await client.send(only(upload([name])), [payload.bytes]);
    for (const [downloader, download] of faces.download) {
      const { body } = await client.send(only(download([name])));
      if (!body.equals(payload.bytes)) throw new Error(`${downloader} gives out something else than ${uploader} took`);
    }
  }
}

function only([request]: readonly LoadRequest[]): LoadRequest {
  if (request === undefined) throw new Error('A contestant made no request');
  return request;
}
