import { fileNameProblem } from '@coffer/b2-schema';
import type { DropItem, DirectoryDropItem } from 'react-aria-components';
import type { UploadItem } from './uploads.ts';

/** A file that was chosen or dropped, with its path below what was chosen: `photos/2026/a.jpg`. */
export interface ChosenFile {
  readonly file: File;
  readonly path: string;
}

/** A file that cannot be uploaded, with the reason as a sentence. */
export interface RefusedFile {
  readonly fileName: string;
  readonly problem: string;
}

/** What was chosen, divided into what can be uploaded and what cannot. */
export interface UploadPlan {
  readonly items: readonly UploadItem[];
  readonly refused: readonly RefusedFile[];
  /** Of the items. */
  readonly bytes: number;
}

/** Files of a file or folder dialog. */
export function filesOfDialog(files: FileList | null): readonly ChosenFile[] {
  // The path is empty unless a folder was chosen.
  return [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * What was dropped, with everything in its folders. `onFound` is told how many files were found so far.
 *
 * @throws TypeError if something cannot be read.
 */
export async function filesOfDrop(
  items: readonly DropItem[],
  onFound: (count: number) => void = () => undefined,
): Promise<readonly ChosenFile[]> {
  const found: ChosenFile[] = [];
  const walk = async (folder: DirectoryDropItem, path: string): Promise<void> => {
    for await (const entry of folder.getEntries()) {
      if (entry.kind === 'directory') await walk(entry, `${path}${entry.name}/`);
      else await take(entry, path);
    }
  };
  const take = async (item: { readonly name: string; getFile: () => Promise<File> }, path: string): Promise<void> => {
    found.push({ file: await item.getFile(), path: `${path}${item.name}` });
    onFound(found.length);
  };
  for (const item of items) {
    if (item.kind === 'directory') await walk(item, `${item.name}/`);
    else if (item.kind === 'file') await take(item, '');
  }
  return found;
}

/** Names the files in a folder of a bucket. `namePrefix`: what all names have to begin with for this key. */
export function planUpload(files: readonly ChosenFile[], prefix: string, namePrefix: string): UploadPlan {
  const items: UploadItem[] = [];
  const refused: RefusedFile[] = [];
  let bytes = 0;
  for (const { file, path } of files) {
    const fileName = `${prefix}${path}`;
    const problem = fileNameProblem(fileName) ?? prefixProblem(fileName, namePrefix);
    if (problem !== undefined) refused.push({ fileName, problem });
    else {
      items.push({ file, fileName });
      bytes += file.size;
    }
  }
  return { items, refused, bytes };
}

function prefixProblem(fileName: string, namePrefix: string): string | undefined {
  return fileName.startsWith(namePrefix)
    ? undefined
    : 'This key may only write names that begin as it is restricted to';
}
