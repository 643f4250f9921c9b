import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import type { DropItem } from 'react-aria-components';
import { useDrop } from 'react-aria-components/useDrop';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { carriesFiles } from '../ui/dropped-files.ts';
import { UploadIcon } from '../ui/icons.ts';
import './upload-area.css';
import type { UploadTarget } from './upload-target.ts';

const UploadDialog = lazy(() => import('./upload-dialog.tsx').then((module) => ({ default: module.UploadDialog })));

/** Whether the key may write names that begin so. */
function useMayUpload({ bucket, prefix }: UploadTarget): boolean {
  const { rights } = useSession();
  const isInReach = prefix.startsWith(rights.namePrefix) || rights.namePrefix.startsWith(prefix);
  const isBucketInReach = rights.buckets?.some(({ id }) => id === bucket.bucketId) ?? true;
  // Only the server puts files into the bucket of its snapshots.
  return rights.has('writeFiles') && isInReach && isBucketInReach && (bucket.bucketType as string) !== 'snapshot';
}

/** A button that opens the dialog for uploading into a folder. Nothing if this key may not write there. */
export function UploadButton(target: UploadTarget) {
  const mayUpload = useMayUpload(target);
  const [isOpen, setIsOpen] = useState(false);
  if (!mayUpload) return null;
  return (
    <>
      <Button
        variant="primary"
        icon={UploadIcon}
        onPress={() => {
          setIsOpen(true);
        }}
      >
        Upload
      </Button>
      {isOpen && (
        <Suspense>
          <UploadDialog
            {...target}
            onClose={() => {
              setIsOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** Takes files and folders that are dropped onto what is in it. */
export function UploadArea({ children, ...target }: UploadTarget & { readonly children: ReactNode }) {
  const mayUpload = useMayUpload(target);
  const area = useRef<HTMLDivElement>(null);
  const [dropped, setDropped] = useState<readonly DropItem[]>();
  // What `useDrop` tells of the types does not tell a text from a file of text.
  const isOfFiles = useRef(false);
  // Not a DropZone: that one puts a button into the page, which takes the focus of whatever is pressed in it.
  const { dropProps, isDropTarget } = useDrop({
    ref: area,
    isDisabled: !mayUpload,
    getDropOperation: () => (isOfFiles.current ? 'copy' : 'cancel'),
    onDrop: ({ items }) => {
      if (items.some(({ kind }) => kind !== 'text')) setDropped(items);
    },
  });
  return (
    <div
      {...dropProps}
      ref={area}
      className="upload-area"
      onDragEnterCapture={({ dataTransfer }) => {
        isOfFiles.current = carriesFiles(dataTransfer);
      }}
    >
      {children}
      {isDropTarget && (
        <div className="upload-hint" aria-hidden>
          <UploadIcon size={28} />
          <strong>Drop to upload into this folder</strong>
        </div>
      )}
      {dropped !== undefined && (
        <Suspense>
          <UploadDialog
            {...target}
            dropped={dropped}
            onClose={() => {
              setDropped(undefined);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
