/** Groups blobs by their folder; blobs of the same folder have to follow each other. */
export async function* folderByFolder<T extends { readonly blobId: string }>(
  blobs: AsyncIterable<T>,
): AsyncGenerator<{ readonly folder: string; readonly blobs: readonly T[] }, void> {
  let folder: string | undefined;
  let gathered: T[] = [];
  for await (const blob of blobs) {
    const next = blob.blobId.slice(0, 2);
    if (folder !== undefined && folder !== next) {
      yield { folder, blobs: gathered };
      gathered = [];
    }
    folder = next;
    gathered.push(blob);
  }
  if (folder !== undefined) yield { folder, blobs: gathered };
}
