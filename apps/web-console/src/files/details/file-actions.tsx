import type { LegalHold } from '@coffer/b2-schema';
import { useState } from 'react';
import type { Bucket } from '../../buckets/bucket-queries.ts';
import { DownloadButton } from '../../downloads/download-button.tsx';
import { useSession } from '../../session/session-context.tsx';
import type { Rights } from '../../session/rights.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/fields.tsx';
import { CopyIcon, DeleteIcon, HideIcon, LegalHoldIcon, LinkIcon, ShowIcon, VersionsIcon } from '../../ui/icons.ts';
import { ActionMenu, type MenuAction } from '../../ui/menu.tsx';
import { Notice } from '../../ui/notice.tsx';
import { tellDone, tellError } from '../../ui/toast.tsx';
import { folderOf } from '../file-place.ts';
import { useRefreshFiles } from '../file-queries.ts';
import { isStored, lockOf, rowOf, type FileVersion, type StoredVersion } from '../file-rows.ts';
import { CopyDialog } from '../work/copy-dialog.tsx';
import { CancelDialog, DeleteDialog, mayBypass } from '../work/delete-dialog.tsx';
import { lockText, refusalText } from '../work/lock-text.ts';
import { LinkDialog } from './link-dialog.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { VersionFacts } from './version-facts.tsx';

interface FileActionsProps {
  readonly bucket: Bucket;
  readonly version: FileVersion;
  /** The newest version of the name. */
  readonly newest: FileVersion | undefined;
  /** When the version, or all of the file, is there no more. */
  readonly onGone: (what: 'version' | 'file') => void;
  readonly onOpen: (dialog: OpenedDialog) => void;
}

type DialogName = 'copy' | 'delete' | 'deleteAll' | 'cancel' | 'link' | 'retention';

/** A dialog, and the version that was shown when it was opened: another may be shown below it meanwhile. */
export interface OpenedDialog {
  readonly dialog: DialogName;
  readonly version: FileVersion;
}

/** What can be done with a version, as far as the key may. */
export function FileActions({ bucket, version, newest, onGone, onOpen }: FileActionsProps) {
  const { client, rights } = useSession();
  const refresh = useRefreshFiles();
  const { bucketId, bucketName } = bucket;
  const { fileName, fileId } = version;
  const isNewest = newest?.fileId === fileId;
  const setOpen = (dialog: DialogName): void => {
    onOpen({ dialog, version });
  };

  const change = async (done: string, failed: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
      tellDone(done);
    } catch (error) {
      tellError(failed, error);
    }
    await refresh(bucketId);
  };
  const hide = () =>
    change('The file was hidden', 'The file could not be hidden', () => client.api.hideFile({ bucketId, fileName }));
  const unhide = () =>
    change('The file is shown again', 'The hide marker could not be deleted', async () => {
      await client.api.deleteFileVersion({ fileName, fileId });
      onGone('version');
    });
  const setHold = (legalHold: LegalHold) =>
    change(
      legalHold === 'on' ? 'The legal hold is on' : 'The legal hold is off',
      'The legal hold could not be changed',
      () => client.api.updateFileLegalHold({ fileName, fileId, legalHold }),
    );
  const actions = offered({ bucket, version, isNewest, rights, setOpen, hide, setHold });
  return (
    <div className="row">
      {isStored(version) && rights.has('readFiles') && (
        <DownloadButton bucketName={bucketName} file={{ ...version, mode: version.serverSideEncryption.mode }} />
      )}
      {isStored(version) && rights.has('readFiles', 'writeFiles') && (
        <Button
          icon={CopyIcon}
          onPress={() => {
            setOpen('copy');
          }}
        >
          Copy to …
        </Button>
      )}
      {version.action === 'hide' && isNewest && rights.has('deleteFiles') && (
        <Button icon={ShowIcon} onPress={() => void unhide()}>
          Unhide
        </Button>
      )}
      {version.action === 'start' && rights.has('writeFiles') && (
        <Button
          icon={DeleteIcon}
          variant="danger"
          onPress={() => {
            setOpen('cancel');
          }}
        >
          Cancel this large file
        </Button>
      )}
      <ActionMenu label="More actions for this file" actions={actions} />
    </div>
  );
}

interface FileDialogProps extends OpenedDialog {
  readonly bucket: Bucket;
  readonly onGone: (what: 'version' | 'file') => void;
  readonly onClose: () => void;
}

/** The dialog of an action. */
export function FileDialog({ dialog, bucket, version, onGone, onClose }: FileDialogProps) {
  const { fileName } = version;
  return (
    <>
      {dialog === 'copy' && (
        <CopyDialog
          {...{ bucket, folder: folderOf(fileName), isOfVersions: true, onClose }}
          selection={{ rows: [rowOf(version, { name: undefined })], prefixes: [] }}
        />
      )}
      {dialog === 'delete' && <DeleteVersionDialog {...{ bucket, version, onGone, onClose }} />}
      {dialog === 'deleteAll' && (
        <DeleteDialog
          {...{ bucket, isOfVersions: false, isOfWholeFiles: true }}
          selection={{ rows: [rowOf(version)], prefixes: [] }}
          onClose={(isDone) => {
            onClose();
            if (isDone) onGone('file');
          }}
        />
      )}
      {dialog === 'cancel' && (
        <CancelDialog
          bucket={bucket}
          selection={{ rows: [rowOf(version)], prefixes: [] }}
          onClose={(isDone) => {
            onClose();
            if (isDone) onGone('version');
          }}
        />
      )}
      {dialog === 'link' && isStored(version) && (
        <LinkDialog {...{ bucket, onClose }} of={{ fileName, mode: version.serverSideEncryption.mode }} />
      )}
      {dialog === 'retention' && isStored(version) && <RetentionDialog {...{ bucket, version, onClose }} />}
    </>
  );
}

interface OfferedActions {
  readonly bucket: Bucket;
  readonly version: FileVersion;
  readonly isNewest: boolean;
  readonly rights: Rights;
  readonly setOpen: (dialog: DialogName) => void;
  readonly hide: () => Promise<void>;
  readonly setHold: (hold: LegalHold) => Promise<void>;
}

function offered({ bucket, version, isNewest, rights, setOpen, hide, setHold }: OfferedActions): MenuAction[] {
  const opens = (dialog: DialogName) => (): void => {
    setOpen(dialog);
  };
  const isFile = isStored(version);
  return [
    ...(isFile && isNewest && rights.has('shareFiles')
      ? [{ id: 'link', label: 'Make a link', icon: LinkIcon, onAction: opens('link') }]
      : []),
    ...(isFile && isNewest && rights.has('writeFiles')
      ? [{ id: 'hide', label: 'Hide', icon: HideIcon, onAction: () => void hide() }]
      : []),
    ...(isFile ? lockActions(bucket, version, rights, opens('retention'), setHold) : []),
    ...(version.action !== 'start' && rights.has('deleteFiles')
      ? [
          { id: 'delete', label: 'Delete this version', icon: DeleteIcon, isDanger: true, onAction: opens('delete') },
          {
            id: 'deleteAll',
            label: 'Delete the file',
            icon: VersionsIcon,
            isDanger: true,
            onAction: opens('deleteAll'),
          },
        ]
      : []),
  ];
}

function lockActions(
  { fileLockConfiguration: lock }: Bucket,
  { legalHold, fileRetention }: StoredVersion,
  rights: Rights,
  openRetention: () => void,
  setHold: (hold: LegalHold) => Promise<void>,
): MenuAction[] {
  // Where the key may not see whether the bucket has Object Lock, it may have it.
  if (lock.isClientAuthorizedToRead && lock.value?.isFileLockEnabled !== true) return [];
  const hold = (value: LegalHold, label: string): MenuAction => ({
    ...{ id: `hold-${value}`, label, icon: LegalHoldIcon, onAction: () => void setHold(value) },
  });
  // Without knowing the present state, a retention could only be guessed.
  const maySetRetention = rights.has('writeFileRetentions') && fileRetention.isClientAuthorizedToRead;
  const isOn = legalHold.isClientAuthorizedToRead ? legalHold.value === 'on' : undefined;
  return [
    ...(maySetRetention
      ? [{ id: 'retention', label: 'Change the retention', icon: LegalHoldIcon, onAction: openRetention }]
      : []),
    ...(rights.has('writeFileLegalHolds') && isOn !== true ? [hold('on', 'Set the legal hold')] : []),
    ...(rights.has('writeFileLegalHolds') && isOn !== false ? [hold('off', 'Release the legal hold')] : []),
  ];
}

interface DeleteVersionDialogProps {
  readonly bucket: Bucket;
  readonly version: FileVersion;
  readonly onGone: (what: 'version') => void;
  readonly onClose: () => void;
}

function DeleteVersionDialog({ bucket, version, onGone, onClose }: DeleteVersionDialogProps) {
  const { client, rights } = useSession();
  const refresh = useRefreshFiles();
  const [isPending, setIsPending] = useState(false);
  const [isBypassing, setIsBypassing] = useState(false);
  const { fileName, fileId } = version;
  const lock = isStored(version) ? lockOf(version) : undefined;
  const isUnderGovernance = lock?.mode === 'governance';
  const obstacle = lock && lockText(isUnderGovernance && isBypassing ? { ...lock, mode: null } : lock, Date.now());
  const remove = async (): Promise<void> => {
    setIsPending(true);
    try {
      await client.api.deleteFileVersion({ fileName, fileId, ...(isBypassing && { bypassGovernance: true }) });
      tellDone('The version was deleted');
      onGone('version');
    } catch (error) {
      tellError('The version could not be deleted', error, refusalText(error, lock));
    }
    onClose();
    await refresh(bucket.bucketId);
  };
  return (
    <ConfirmDialog
      title={version.action === 'hide' ? 'Delete this hide marker?' : 'Delete this version?'}
      isOpen
      onClose={onClose}
      action={version.action === 'hide' ? 'Delete 1 hide marker' : 'Delete 1 version'}
      onConfirm={() => void remove()}
      isPending={isPending}
    >
      <VersionFacts version={version} />
      {obstacle !== undefined && (
        <Notice kind="warning" title="The server will not delete it now">
          {obstacle}
        </Notice>
      )}
      <p>It is deleted for good. Other versions of the name stay; the newest of them becomes the current one.</p>
      {isUnderGovernance && mayBypass(bucket, rights.has('bypassGovernance')) && (
        <Checkbox isSelected={isBypassing} onChange={setIsBypassing}>
          Although it is under governance retention
        </Checkbox>
      )}
    </ConfirmDialog>
  );
}
