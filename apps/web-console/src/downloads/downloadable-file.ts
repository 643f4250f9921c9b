/** A file version that can be downloaded. */
export interface DownloadableFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly contentLength: number;
  readonly contentType: string;
  readonly fileInfo: Readonly<Record<string, string>>;
  readonly mode: 'SSE-B2' | 'SSE-C' | null;
}
