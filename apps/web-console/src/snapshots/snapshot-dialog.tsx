import type { Bucket } from '../buckets/bucket-queries.ts';

/** What goes into a snapshot. */
export interface SnapshotSelection {
  readonly fileNames: readonly string[];
  /** With the slash at the end of each; the empty text is the whole bucket. */
  readonly folders: readonly string[];
}

interface SnapshotDialogProps {
  readonly bucket: Bucket;
  readonly selection: SnapshotSelection;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Counts what would go into a snapshot, and has it made. */
export function SnapshotDialog(_: SnapshotDialogProps) {
  return null;
}
