import { ClientError } from '@coffer/client';
import type { FileId } from '@coffer/b2-schema';
import { useState } from 'react';
import type { Bucket } from '../../buckets/bucket-queries.ts';
import { countOf } from '../../format/bytes.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useSession } from '../../session/session-context.tsx';
import { Checkbox, RadioGroup } from '../../ui/fields.tsx';
import {
  allVersions,
  currentFiles,
  describeSelection,
  selectedVersions,
  type FileSelection,
} from './file-selection.ts';
import { itemsIn, type WorkCount } from './file-work.ts';
import { refusalText } from './lock-text.ts';
import { CountFacts, WorkDialog } from './work-dialog.tsx';

interface SelectionDialogProps {
  readonly bucket: Bucket;
  readonly selection: FileSelection;
  readonly onClose: (isDone: boolean) => void;
}

interface DeleteDialogProps extends SelectionDialogProps {
  /** Whether the rows are versions: then exactly these are deleted. */
  readonly isOfVersions: boolean;
  /** Whether all versions of each file are deleted, and nothing else can be chosen. */
  readonly isOfWholeFiles?: boolean;
}

type Extent = 'current' | 'all' | 'selected';

/** Deletes current versions, all versions, or selected versions. */
export function DeleteDialog(props: DeleteDialogProps) {
  const { bucket, selection, isOfVersions, isOfWholeFiles = false, onClose } = props;
  const { client, rights } = useSession();
  const { bucketId } = bucket;
  const [chosen, setChosen] = useState<Extent>(isOfWholeFiles || selection.prefixes.length > 0 ? 'all' : 'current');
  const [isBypassing, setIsBypassing] = useState(false);
  const extent: Extent = isOfVersions ? 'selected' : chosen;
  const walks = { current: currentFiles, all: allVersions, selected: selectedVersions };
  const remove = async (name: string, fileId: string): Promise<void> => {
    try {
      await client.api.deleteFileVersion({
        ...{ fileName: name, fileId: fileId as FileId },
        ...(isBypassing && { bypassGovernance: true }),
      });
    } catch (error) {
      // Somebody else was faster, or the first of two attempts was.
      if (!ClientError.is(error, 'file_not_present')) throw error;
    }
  };
  const what = visibleText(describeSelection(selection, ...(isOfVersions ? (['version'] as const) : [])));
  return (
    <WorkDialog
      id={extent}
      work={{
        walk: (signal) => walks[extent]({ client, bucketId }, selection, signal),
        act: ({ name, fileId }) => remove(name, fileId),
      }}
      buckets={[bucketId]}
      words={{
        title: `Delete ${what}`,
        explain: (count) => <Explanation count={count} extent={extent} />,
        action: (count) => (count === undefined ? 'Delete' : deleteLabel(count, extent)),
        doing: 'Deleting',
        done: (done) => (extent === 'current' ? countOf(done, 'file') : countOf(done, 'version')) + ' deleted',
      }}
      options={
        <>
          {isOfWholeFiles && <p>All versions, with hide markers and unfinished large files: nothing of it is left.</p>}
          {!isOfVersions && !isOfWholeFiles && (
            <RadioGroup
              label="What is deleted"
              value={chosen}
              onChange={setChosen}
              choices={[
                {
                  value: 'current',
                  label: 'The current version of each file',
                  description: 'An older version, if there is one, becomes the current one.',
                },
                {
                  value: 'all',
                  label: 'All versions of each file',
                  description: 'With hide markers and unfinished large files: nothing of it is left.',
                },
              ]}
            />
          )}
          {mayBypass(bucket, rights.has('bypassGovernance')) && (
            <Checkbox
              isSelected={isBypassing}
              onChange={setIsBypassing}
              description="Retention in compliance mode and legal holds are kept in any case."
            >
              Delete versions under governance retention, too
            </Checkbox>
          )}
        </>
      }
      describeFailure={({ item: { lock }, error }) => refusalText(error, lock)}
      onClose={onClose}
    />
  );
}

/** Whether it makes sense to offer it: where the key may not see whether there is Object Lock, there may be. */
export function mayBypass({ fileLockConfiguration: lock }: Bucket, hasCapability: boolean): boolean {
  return hasCapability && (!lock.isClientAuthorizedToRead || lock.value?.isFileLockEnabled === true);
}

function Explanation({ count, extent }: { readonly count: WorkCount; readonly extent: Extent }) {
  return (
    <>
      <CountFacts count={count} />
      <p>
        {extent === 'current'
          ? 'The current versions are deleted for good.'
          : 'They are deleted for good. Nobody can bring them back.'}
      </p>
    </>
  );
}

function deleteLabel(count: WorkCount, extent: Extent): string {
  if (extent === 'current') return `Delete ${countOf(count.files, 'file')}`;
  return `Delete ${countOf(itemsIn(count), 'version')}`;
}

/** Hides files: a hide marker becomes the newest version of each. */
export function HideDialog({ bucket: { bucketId }, selection, onClose }: SelectionDialogProps) {
  const { client } = useSession();
  const hide = async (fileName: string): Promise<void> => {
    try {
      await client.api.hideFile({ bucketId, fileName });
    } catch (error) {
      if (!ClientError.is(error, 'already_hidden')) throw error;
    }
  };
  return (
    <WorkDialog
      id="hide"
      isDanger={false}
      work={{
        walk: (signal) => currentFiles({ client, bucketId }, selection, signal),
        act: ({ name }) => hide(name),
      }}
      buckets={[bucketId]}
      words={{
        title: `Hide ${visibleText(describeSelection(selection))}`,
        explain: (count) => (
          <>
            <CountFacts count={count} />
            <p>
              Hidden files no longer appear in lists of names and cannot be downloaded by name. Nothing is deleted: all
              versions stay, and deleting the hide marker shows a file again.
            </p>
          </>
        ),
        action: (count) => (count === undefined ? 'Hide' : `Hide ${countOf(count.files, 'file')}`),
        doing: 'Hiding',
        done: (done) => `${countOf(done, 'file')} hidden`,
      }}
      onClose={onClose}
    />
  );
}

/** Cancels unfinished large files. */
export function CancelDialog({ bucket: { bucketId }, selection, onClose }: SelectionDialogProps) {
  const { client } = useSession();
  return (
    <WorkDialog
      id="cancel"
      work={{
        walk: (signal) => selectedVersions({ client, bucketId }, selection, signal),
        act: ({ fileId }) => client.api.cancelLargeFile({ fileId: fileId as FileId }),
      }}
      buckets={[bucketId]}
      words={{
        title: `Cancel ${countOf(selection.rows.length, 'unfinished large file')}`,
        explain: () => <p>The parts that have arrived are deleted. An upload that is still under way fails.</p>,
        action: (count) => (count ? `Delete ${countOf(count.unfinished, 'unfinished file')}` : 'Delete'),
        doing: 'Cancelling',
        done: (done) => `${countOf(done, 'unfinished large file')} cancelled`,
      }}
      onClose={onClose}
    />
  );
}
