import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import mimeTypes from 'mime-types';
import { systemErrorCode } from '../startup-error.ts';

/** A file of the console, held in memory. */
export interface ConsoleFile {
  readonly contentType: string;
  /** In its wire form, of the uncompressed content. */
  readonly etag: string;
  /** Whether its name contains a digest of its content, so that the content of this name never changes. */
  readonly isImmutable: boolean;
  readonly content: Uint8Array;
  /** The same content, compressed when the console was built. */
  readonly compressed: Readonly<Partial<Record<ContentCoding, Uint8Array>>>;
}

/** How content can be compressed beforehand, the best first; the value is what such a file's name ends with. */
export const contentCodings = { br: '.br', gzip: '.gz' } as const;
export type ContentCoding = keyof typeof contentCodings;

/** The static files of the console. */
export interface ConsoleFiles {
  /** By their paths in URLs, such as `/assets/index-4f3a.js`. */
  readonly byPath: ReadonlyMap<string, ConsoleFile>;
  /** Paths of the folders of files, each with a slash at its end. */
  readonly folders: readonly string[];
  readonly page: ConsoleFile;
}

const pageName = 'index.html';

/**
 * Reads all files of the console. They are held in memory, so that nothing of a request is ever used as the name of a
 * file. Undefined if the directory does not exist or has no `index.html`.
 *
 * @throws Error if a file cannot be read.
 */
export async function loadConsoleFiles(directory: string): Promise<ConsoleFiles | undefined> {
  const names = await namesIn(directory);
  if (!names.includes(pageName)) return undefined;
  // At once: nobody is served yet, and asking for each of some two hundred small files by itself takes several times as
  // long.
  const contents = new Map(names.map((name) => [name, readFileSync(join(directory, name))]));
  const byPath = new Map<string, ConsoleFile>();
  for (const [name, content] of contents) {
    if (!isCompressed(name, contents)) byPath.set(`/${name}`, fileOf(name, content, contents));
  }
  const page = byPath.get(`/${pageName}`);
  return page && { byPath, folders: foldersOf([...byPath.keys()]), page };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const start = join(directory, '/').length;
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(start).replaceAll('\\', '/'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function isCompressed(name: string, contents: ReadonlyMap<string, Buffer>): boolean {
  return Object.values(contentCodings).some((end) => name.endsWith(end) && contents.has(name.slice(0, -end.length)));
}

function fileOf(name: string, content: Buffer, contents: ReadonlyMap<string, Buffer>): ConsoleFile {
  const extension = /\.[^./]+$/.exec(name)?.[0] ?? '';
  const codings = Object.entries(contentCodings).flatMap(([coding, end]) => {
    const compressed = contents.get(`${name}${end}`);
    return compressed === undefined ? [] : [[coding, compressed] as const];
  });
  return {
    contentType: mimeTypes.contentType(extension) || 'application/octet-stream',
    etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    isImmutable: name.startsWith('assets/'),
    content,
    compressed: Object.fromEntries(codings),
  };
}

function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  return [...new Set(folders)].filter((folder) => folder !== '/');
}
