import { consoleOperations, type ParsedConsoleResponseOf } from '@coffer/console-schema';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import type { Bucket } from '../buckets/bucket-queries.ts';
import { countOf, formatBytes } from '../format/bytes.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { TextField } from '../ui/fields.tsx';
import { focusFirstInvalid } from '../ui/focus-invalid.ts';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { Facts, Loading } from '../ui/page.tsx';
import { NameList } from './name-list.tsx';
import { useRefreshSnapshots } from './snapshot-queries.ts';
import { titleProblem } from './title-problem.ts';

/** What goes into a snapshot. */
interface SnapshotSelection {
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

interface Counted {
  readonly files: number;
  readonly bytes: number;
  readonly encrypted: number;
  /** The first few. */
  readonly encryptedNames: readonly string[];
  readonly absent: number;
}

const nothing: Counted = { files: 0, bytes: 0, encrypted: 0, encryptedNames: [], absent: 0 };

/** Counts what would go into a snapshot, and has it made. */
export function SnapshotDialog({ bucket, selection, isOpen, onClose }: SnapshotDialogProps) {
  return (
    <Dialog title="Make a snapshot" isOpen={isOpen} onClose={onClose}>
      <SnapshotForm bucket={bucket} selection={selection} onClose={onClose} />
    </Dialog>
  );
}

type SnapshotFormProps = Omit<SnapshotDialogProps, 'isOpen'>;

function SnapshotForm({ bucket, selection, onClose }: SnapshotFormProps) {
  const { client } = useSession();
  const refresh = useRefreshSnapshots();
  const { counted, isCounting, error: countError } = usePlan(bucket, selection);
  const [title, setTitle] = useState('');
  // With this, a request whose answer was lost makes no second snapshot when it is sent again.
  const [requestId, setRequestId] = useState(newRequestId);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isMade, setIsMade] = useState(false);

  const problem = titleProblem(title.trim());

  const make = async (): Promise<void> => {
    if (problem !== undefined) return;
    setIsPending(true);
    setError(undefined);
    try {
      const fields = { ...fieldsOf(bucket, selection), requestId, ...(title.trim() !== '' && { title: title.trim() }) };
      await client.call(consoleOperations.coffer_create_snapshot, fields);
      await refresh();
      setIsMade(true);
    } catch (caught) {
      setError(caught);
    } finally {
      setIsPending(false);
    }
  };

  if (isMade) {
    return (
      <>
        <Notice kind="success" title="The server is making the snapshot">
          It goes on when you close this page. <Link to="/snapshots">See how far it is</Link>
        </Notice>
        <DialogActions>
          <Button variant="primary" onPress={onClose} autoFocus>
            Close
          </Button>
        </DialogActions>
      </>
    );
  }
  return (
    <Form
      className="stack"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        focusFirstInvalid(event.currentTarget);
        void make();
      }}
    >
      <p className="soft">
        The server puts the current versions of these files into one ZIP file, which you can download. Files that are
        encrypted are left out.
      </p>
      {countError === undefined ? (
        <div aria-live="polite">
          <Facts
            facts={[
              ['To be stored', `${countOf(counted.files, 'file')}, ${formatBytes(counted.bytes)}`],
              ['Encrypted, left out', counted.encrypted === 0 ? undefined : countOf(counted.encrypted, 'file')],
              ['No longer there', counted.absent === 0 ? undefined : countOf(counted.absent, 'file')],
            ]}
          />
          {isCounting && <Loading what="Counting" />}
        </div>
      ) : (
        <ErrorNotice title="The files could not be counted" error={countError} />
      )}
      {counted.encrypted > 0 && <NameList title="Left out" names={counted.encryptedNames} count={counted.encrypted} />}
      <TextField
        label="Name of the ZIP file"
        value={title}
        onChange={(text) => {
          setTitle(text);
          setRequestId(newRequestId());
        }}
        error={problem}
        description="Without “.zip”. If it is empty, the time is taken."
      />
      {error !== undefined && <ErrorNotice title="The snapshot could not be begun" error={error} />}
      <DialogActions>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          isPending={isPending}
          isDisabled={isCounting || countError !== undefined || counted.files === 0}
        >
          Make the snapshot
        </Button>
      </DialogActions>
      {!isCounting && countError === undefined && counted.files === 0 && (
        <p className="soft small">There is no file that could be stored.</p>
      )}
    </Form>
  );
}

function newRequestId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fieldsOf({ bucketId }: Bucket, { fileNames, folders }: SnapshotSelection) {
  return { bucketId, files: fileNames.map((fileName) => ({ fileName })), folders: [...folders] };
}

/** Counts page by page, so that the numbers grow before one's eyes and no request takes long. */
function usePlan(bucket: Bucket, selection: SnapshotSelection) {
  const { client } = useSession();
  const [counted, setCounted] = useState(nothing);
  const [isCounting, setIsCounting] = useState(true);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const abort = new AbortController();
    const count = async (): Promise<void> => {
      let [sum, cursor]: [Counted, string | null] = [nothing, null];
      do {
        const fields = { ...fieldsOf(bucket, selection), ...(cursor !== null && { cursor }) };
        const page: ParsedConsoleResponseOf<'coffer_plan_snapshot'> = await client.call(
          consoleOperations.coffer_plan_snapshot,
          fields,
          { signal: abort.signal },
        );
        sum = {
          files: sum.files + page.included.fileCount,
          bytes: sum.bytes + page.included.totalBytes,
          encrypted: sum.encrypted + page.encrypted.fileCount,
          encryptedNames: [...sum.encryptedNames, ...page.encrypted.fileNames].slice(0, 20),
          absent: sum.absent + page.absent.fileCount,
        };
        setCounted(sum);
        cursor = page.nextCursor;
      } while (cursor !== null);
      setIsCounting(false);
    };
    count().catch((caught: unknown) => {
      if (abort.signal.aborted) return;
      setError(caught);
      setIsCounting(false);
    });
    return () => {
      abort.abort();
    };
  }, [client, bucket, selection]);
  return { counted, isCounting, error };
}
