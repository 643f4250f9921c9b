import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { DropItem } from 'react-aria-components';
import { DropZone } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { defaultModeOf } from '../buckets/bucket-queries.ts';
import { askedEncryption } from '../customer-keys/asked-encryption.ts';
import { EncryptionChoice, type ChosenEncryption } from '../customer-keys/encryption-choice.tsx';
import { useKnownKeys } from '../customer-keys/known-keys.ts';
import { countOf, formatBytes, formatCount } from '../format/bytes.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { FileIcon, FolderIcon, UploadIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { Facts, Loading } from '../ui/page.tsx';
import { filesOfDialog, filesOfDrop, planUpload, type ChosenFile, type RefusedFile } from './chosen-files.ts';
import type { UploadTarget } from './upload-target.ts';
import { uploadsOf } from './uploads.ts';

interface UploadDialogProps extends UploadTarget {
  /** What was dropped before the dialog was opened. */
  readonly dropped?: readonly DropItem[] | undefined;
  readonly onClose: () => void;
}

/** Asks which files go into a folder, and how they are encrypted; then they are uploaded in the background. */
export function UploadDialog({ bucket, prefix, dropped, onClose }: UploadDialogProps) {
  const session = useSession();
  const queries = useQueryClient();
  const known = useKnownKeys();
  const { files, isReading, found, error, take, takeDrop } = useChosenFiles(dropped);
  const [encryption, setEncryption] = useState<ChosenEncryption>({ mode: 'default' });
  const plan = useMemo(
    () => planUpload(files, prefix, session.rights.namePrefix),
    [files, prefix, session.rights.namePrefix],
  );
  const { items, refused, bytes } = plan;
  const hasKey = encryption.mode !== 'SSE-C' || known.some(({ id }) => id === encryption.keyId);

  const start = (): void => {
    const uploads = uploadsOf(session, (bucketId) => {
      // Told every second: a list that is being read is read to its end.
      void queries.invalidateQueries({ queryKey: ['files', bucketId] }, { cancelRefetch: false });
    });
    uploads.add(items, bucket, askedEncryption(encryption, defaultModeOf(bucket)));
    onClose();
  };

  return (
    <Dialog title="Upload files" isOpen onClose={onClose} size="wide">
      <Facts facts={[['Into', <Place key="place" bucketName={bucket.bucketName} prefix={prefix} />]]} />
      <DropZone
        className="upload-drop"
        aria-label="Files and folders to upload"
        getDropOperation={() => 'copy'}
        onDrop={({ items: more }) => {
          takeDrop(more);
        }}
      >
        {isReading ? (
          <Loading what={`Looking through the folders: ${countOf(found, 'file')}`} />
        ) : (
          <p role="status">
            {files.length === 0 ? 'Drop files and folders here, or choose them.' : <Summary {...{ items, bytes }} />}
          </p>
        )}
        <div className="row">
          <FileTrigger
            allowsMultiple
            onSelect={(chosen) => {
              take(filesOfDialog(chosen));
            }}
          >
            <Button icon={FileIcon}>Choose files</Button>
          </FileTrigger>
          <FileTrigger
            acceptDirectory
            onSelect={(chosen) => {
              take(filesOfDialog(chosen));
            }}
          >
            <Button icon={FolderIcon}>Choose a folder</Button>
          </FileTrigger>
        </div>
      </DropZone>
      {error !== undefined && <ErrorNotice title="Not everything could be read" error={error} />}
      {refused.length > 0 && <Refused refused={refused} />}
      <EncryptionChoice bucket={bucket} value={encryption} onChange={setEncryption} />
      <p className="soft small">Where the bucket has a file of the same name, this makes a new version of it.</p>
      <DialogActions>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          variant="primary"
          icon={UploadIcon}
          isDisabled={items.length === 0 || isReading || !hasKey}
          onPress={start}
        >
          {items.length === 0 ? 'Upload' : `Upload ${countOf(items.length, 'file')}`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Place({ bucketName, prefix }: { readonly bucketName: string; readonly prefix: string }) {
  return <Name>{prefix === '' ? bucketName : `${bucketName}/${prefix}`}</Name>;
}

function Summary({ items, bytes }: { readonly items: readonly unknown[]; readonly bytes: number }) {
  return (
    <strong>
      {countOf(items.length, 'file')}, {formatBytes(bytes)}
    </strong>
  );
}

const mostRefused = 5;

function Refused({ refused }: { readonly refused: readonly RefusedFile[] }) {
  const isOne = refused.length === 1;
  return (
    <Notice
      kind="warning"
      title={`${countOf(refused.length, 'file')} cannot be uploaded, and ${isOne ? 'is' : 'are'} left out`}
    >
      <ul className="upload-refused small">
        {refused.slice(0, mostRefused).map(({ fileName, problem }) => (
          <li key={fileName}>
            <Name oneLine>{fileName}</Name> {problem}.
          </li>
        ))}
        {refused.length > mostRefused && <li>and {formatCount(refused.length - mostRefused)} more</li>}
      </ul>
    </Notice>
  );
}

/** What was chosen so far. Files of the same path replace each other. */
function useChosenFiles(dropped: readonly DropItem[] | undefined) {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [found, setFound] = useState(0);
  const [reading, setReading] = useState(0);
  const [error, setError] = useState<unknown>();

  const take = (more: readonly ChosenFile[]): void => {
    setFiles((present) => [...new Map([...present, ...more].map((one) => [one.path, one])).values()]);
  };
  const takeDrop = (items: readonly DropItem[]): void => {
    setReading((count) => count + 1);
    setError(undefined);
    filesOfDrop(items, (count) => {
      // Not for each of thousands of files.
      if (count % 100 === 0) setFound(count);
    })
      .then(take, setError)
      .finally(() => {
        setReading((count) => count - 1);
      });
  };
  useEffect(() => {
    if (dropped !== undefined) takeDrop(dropped);
  }, [dropped]);
  return { files, found, isReading: reading > 0, error, take, takeDrop };
}
