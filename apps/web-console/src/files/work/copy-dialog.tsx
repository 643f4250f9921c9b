import type { FileId } from '@coffer/b2-schema';
import { fileNameProblem } from '@coffer/b2-schema';
import { ClientError, customerKeyIdInfo, sseB2, type FileEncryption } from '@coffer/client';
import { useState } from 'react';
import { defaultModeOf, useBuckets, type Bucket } from '../../buckets/bucket-queries.ts';
import { askedEncryption, type AskedEncryption } from '../../customer-keys/asked-encryption.ts';
import { EncryptionChoice, type ChosenEncryption } from '../../customer-keys/encryption-choice.tsx';
import { countOf } from '../../format/bytes.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useSession } from '../../session/session-context.tsx';
import type { Session } from '../../session/session.ts';
import { Select, TextField } from '../../ui/fields.tsx';
import { movedName } from '../file-place.ts';
import { currentFiles, describeSelection, storedVersions, type FileSelection } from './file-selection.ts';
import { inTurn, type WorkFailure } from './file-work.ts';
import { CountFacts, WorkDialog } from './work-dialog.tsx';

interface CopyDialogProps {
  readonly bucket: Bucket;
  readonly selection: FileSelection;
  /** The folder that the selection is in; names below it stay as they are. */
  readonly folder: string;
  /** Whether the rows are versions: then exactly these are copied. */
  readonly isOfVersions: boolean;
  readonly onClose: (isDone: boolean) => void;
}

/** Copies files and folders on the server, within the bucket or into another, under an encryption of one's choice. */
export function CopyDialog({ bucket, selection, folder, isOfVersions, onClose }: CopyDialogProps) {
  const session = useSession();
  const { client } = session;
  const { data: buckets = [bucket] } = useBuckets();
  const [bucketId, setBucketId] = useState<string>(bucket.bucketId);
  const target = buckets.find((one) => one.bucketId === bucketId) ?? bucket;
  const single = selection.prefixes.length === 0 && selection.rows.length === 1 ? selection.rows[0] : undefined;
  const [to, setTo] = useState(single?.name ?? folder);
  const [encryption, setEncryption] = useState<ChosenEncryption>({ mode: 'default' });
  const [missingKeys] = useState(() => new Map<string, string>());
  const problem = problemOf({
    single: single !== undefined,
    to,
    folder,
    selection,
    isSameBucket: target.bucketId === bucket.bucketId,
    session,
  });
  const targetName = (name: string): string => (single ? to : movedName(name, folder, to));

  const copyOne = async (name: string, fileId: string, signal: AbortSignal): Promise<void> => {
    const fileName = targetName(name);
    const wrong = fileNameProblem(fileName);
    if (wrong !== undefined) throw new ClientError('invalid_request', wrong);
    const sourceEncryption = session.customerKeys.ring();
    try {
      const copied = await client.copy({
        ...{ sourceFileId: fileId as FileId, fileName, bucketId: target.bucketId, sourceEncryption },
        encryption: encryptionOf(askedEncryption(encryption, defaultModeOf(target)), session),
        signal,
      });
      if (encryption.mode === 'none' && copied.serverSideEncryption.mode !== null) throw encryptedAfterAll();
    } catch (error) {
      const keyId = isKeyMissing(error) ? await keyIdOf(session, fileId) : undefined;
      if (keyId !== undefined) missingKeys.set(fileId, keyId);
      throw error;
    }
  };
  return (
    <WorkDialog
      id="copy"
      size="wide"
      isDanger={false}
      isReady={problem === undefined && (encryption.mode !== 'SSE-C' || encryption.keyId !== undefined)}
      work={{
        walk: (signal) =>
          (isOfVersions ? storedVersions : currentFiles)({ client, bucketId: bucket.bucketId }, selection, signal),
        // Otherwise an older version could become the newest of the copies.
        act: inTurn(({ name, fileId }, signal) => copyOne(name, fileId, signal)),
      }}
      buckets={[...new Set([bucket.bucketId, target.bucketId])]}
      words={{
        title: `Copy ${single ? visibleText(single.name) : visibleText(describeSelection(selection))}`,
        explain: (count) => (
          <>
            <CountFacts count={count} />
            <p className="small soft">
              The server copies; nothing is downloaded. Where a file of the same name exists, the copy becomes its
              newest version.{isOfVersions && ' Hide markers and unfinished large files are left out.'}
            </p>
          </>
        ),
        action: (count) => (count === undefined ? 'Copy' : `Copy ${countOf(count.versions, 'file')}`),
        doing: 'Copying',
        done: (done) => `${countOf(done, 'file')} copied`,
      }}
      options={
        <>
          <Select
            label="To the bucket"
            value={target.bucketId}
            onChange={(id) => {
              setBucketId(id);
              // What was possible in one bucket may not be in another.
              if (encryption.mode === 'none') setEncryption({ mode: 'default' });
            }}
            choices={buckets.map((one) => ({ value: one.bucketId, label: one.bucketName }))}
          />
          <TextField
            label={single ? 'As' : 'Into the folder'}
            value={to}
            onChange={setTo}
            isMono
            error={problem}
            description={
              single ? 'The whole name, with its folders.' : 'With a slash at its end; empty: the top of the bucket.'
            }
          />
          <EncryptionChoice bucket={target} value={encryption} offersNone onChange={setEncryption} />
        </>
      }
      describeFailure={({ item, error }: WorkFailure) => {
        const keyId = missingKeys.get(item.fileId);
        if (keyId === undefined || !isKeyMissing(error)) return undefined;
        return keyId === ''
          ? 'It is encrypted under a customer key which this tab does not have. The file does not name the key.'
          : `It is encrypted under the customer key “${visibleText(keyId)}”, which this tab does not have.`;
      }}
      onClose={onClose}
    />
  );
}

interface Target {
  readonly single: boolean;
  readonly to: string;
  /** Where the selection is. */
  readonly folder: string;
  readonly selection: FileSelection;
  readonly isSameBucket: boolean;
  readonly session: Session;
}

/** What is wrong with where the copies are to go. */
function problemOf({ single, to, folder, selection, isSameBucket, session }: Target): string | undefined {
  const { namePrefix } = session.rights;
  if (single) {
    const problem = fileNameProblem(to);
    if (problem !== undefined) return problem;
  } else if (to !== '' && !to.endsWith('/')) return 'A folder has a slash at its end.';
  if (!to.startsWith(namePrefix)) return `This key may only write names that begin with ${visibleText(namePrefix)}`;
  // Every file would only get another version with the same content.
  if (!single && isSameBucket && to === folder) {
    return 'The files are in this folder already. Choose another folder or another bucket.';
  }
  // Such a copy would find its own results, and never end.
  if (isSameBucket && selection.prefixes.some((prefix) => to.startsWith(prefix))) {
    return 'A folder cannot be copied into itself.';
  }
  return undefined;
}

function encryptionOf(chosen: AskedEncryption, { customerKeys }: Session): FileEncryption | undefined {
  if (chosen.mode === 'default') return undefined;
  if (chosen.mode === 'SSE-B2') return sseB2();
  const encryption = chosen.keyId === undefined ? undefined : customerKeys.encryption(chosen.keyId);
  if (encryption === undefined) {
    throw new ClientError('customer_key_not_found', 'The customer key for the copies has been forgotten by this tab');
  }
  return encryption;
}

function encryptedAfterAll(): ClientError {
  return new ClientError('conflict', 'It was copied, but encrypted: the bucket’s default was turned on meanwhile');
}

/** A wrong key is answered as `access_denied`. */
function isKeyMissing(error: unknown): boolean {
  return ClientError.is(error, 'customer_key_not_found', 'access_denied');
}

/** The id of the customer key that a file names, empty if it names none; undefined if it is under no customer key. */
async function keyIdOf({ client }: Session, fileId: string): Promise<string | undefined> {
  const file = await client.api.getFileInfo({ fileId: fileId as FileId });
  if (file.action === 'hide' || file.serverSideEncryption.mode !== 'SSE-C') return undefined;
  return Object.hasOwn(file.fileInfo, customerKeyIdInfo) ? (file.fileInfo[customerKeyIdInfo] ?? '') : '';
}
