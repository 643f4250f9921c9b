import { customerKeyIdInfo, largeFileSha1Info } from '@coffer/client';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { Bucket } from '../../buckets/bucket-queries.ts';
import { formatBytes, formatExactBytes } from '../../format/bytes.ts';
import { formatExactTime, formatTime } from '../../format/time.ts';
import { useSession } from '../../session/session-context.tsx';
import { Badge, EncryptionBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Name } from '../../ui/name.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Facts, Loading } from '../../ui/page.tsx';
import type { FilesSearch } from '../file-place.ts';
import { useParts, useVersion, useVersions } from '../file-queries.ts';
import { isStored, type FileVersion, type StoredVersion } from '../file-rows.ts';
import './file-details.css';
import { FileActions, FileDialog, type OpenedDialog } from './file-actions.tsx';

interface FileDetailsProps {
  readonly bucket: Bucket;
  /** The address of the page, in which `file` is the name. */
  readonly place: FilesSearch & { readonly file: string };
  /** When the version that is shown, or all of the file, is there no more. */
  readonly onGone: (what: 'version' | 'file') => void;
}

/** Everything about one version of a name, and which other versions there are. */
export function FileDetails(props: FileDetailsProps) {
  const [opened, setOpened] = useState<OpenedDialog>();
  const { bucket, onGone } = props;
  return (
    <>
      <ShownVersion {...props} onOpen={setOpened} />
      {/* Here, a dialog stays open when the version below it is there no more. */}
      {opened && (
        <FileDialog
          {...{ ...opened, bucket, onGone }}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
    </>
  );
}

interface ShownVersionProps extends FileDetailsProps {
  readonly onOpen: (dialog: OpenedDialog) => void;
}

function ShownVersion({ bucket, place, onGone, onOpen }: ShownVersionProps) {
  const { file: name, version: wanted } = place;
  const { bucketId } = bucket;
  const versions = useVersions(bucketId, name);
  const loaded = versions.data?.pages.flatMap((page) => page.versions) ?? [];
  const found = wanted === undefined ? loaded[0] : loaded.find(({ fileId }) => fileId === wanted);
  const isElsewhere = wanted !== undefined && found === undefined && versions.data !== undefined;
  const other = useVersion(bucketId, name, wanted ?? '', isElsewhere);
  const version = found ?? other.data ?? undefined;
  const error = versions.error ?? other.error;

  const failure = error !== null && (
    <ErrorNotice title="The file could not be looked up" error={error} onRetry={() => void versions.refetch()} />
  );
  if (failure && version === undefined) return failure;
  if (versions.isPending || (isElsewhere && other.isPending)) return <Loading />;
  if (version === undefined) {
    return (
      <Notice kind="warning" title={wanted === undefined ? 'There is no such file' : 'There is no such version'}>
        It may have been deleted, or the address is mistyped.
      </Notice>
    );
  }
  const newest = loaded[0];
  return (
    <div className="stack">
      {failure}
      <div className="row">
        <State version={version} isNewest={newest?.fileId === version.fileId} />
      </div>
      <FileActions {...{ bucket, version, onGone, onOpen }} newest={newest} />
      {isStored(version) ? <StoredFacts version={version} /> : <OtherFacts version={version} />}
      <FileInfo info={version.fileInfo} />
      <section className="stack tight" aria-labelledby="file-versions">
        <h3 id="file-versions">Versions</h3>
        <ul className="file-versions">
          {loaded.map((one) => (
            <li key={one.fileId}>
              <VersionLink {...{ bucket, place }} version={one} isShown={one.fileId === version.fileId} />
            </li>
          ))}
        </ul>
        {versions.hasNextPage && (
          <Button isPending={versions.isFetchingNextPage} onPress={() => void versions.fetchNextPage()}>
            Show more versions
          </Button>
        )}
      </section>
    </div>
  );
}

function State({ version, isNewest }: { readonly version: FileVersion; readonly isNewest: boolean }) {
  if (version.action === 'hide') {
    return <Badge kind="warning">{isNewest ? 'Hidden by this hide marker' : 'Older hide marker'}</Badge>;
  }
  const { mode } = version.serverSideEncryption;
  return (
    <>
      <EncryptionBadge mode={mode} />
      {version.action === 'start' ? <Badge>Unfinished large file</Badge> : null}
      {isStored(version) && <Badge>{isNewest ? 'Current version' : 'Older version'}</Badge>}
    </>
  );
}

const notVisible = (capability: string): ReactNode => (
  <span className="soft">This key may not see it (it lacks {capability})</span>
);

function StoredFacts({ version }: { readonly version: StoredVersion }) {
  const { contentLength, contentType, contentSha1, contentMd5, fileId, fileInfo, legalHold, fileRetention } = version;
  const largeSha1 = infoOf(fileInfo, largeFileSha1Info);
  const modified = infoOf(fileInfo, 'src_last_modified_millis');
  return (
    <Facts
      facts={[
        ['Name', version.fileName.length > 80 ? <Name key="name">{version.fileName}</Name> : undefined],
        [
          'Size',
          contentLength < 1_000
            ? formatExactBytes(contentLength)
            : `${formatBytes(contentLength)} (${formatExactBytes(contentLength)})`,
        ],
        ['Content type', <Name key="type">{contentType}</Name>],
        ['Encryption', <Encryption key="encryption" version={version} />],
        ['Uploaded', formatExactTime(version.uploadTimestamp)],
        [
          'Last modified',
          modified !== undefined && /^\d{1,15}$/.test(modified) ? formatExactTime(Number(modified)) : undefined,
        ],
        [
          'SHA-1',
          contentSha1 === null || contentSha1 === 'none' ? (
            largeSha1 === undefined ? (
              'None: large files have one of each part'
            ) : undefined
          ) : (
            <Mono key="sha1" text={contentSha1} />
          ),
        ],
        ['SHA-1 of the whole', largeSha1 === undefined ? undefined : <Mono key="large" text={largeSha1} />],
        ['MD5', contentMd5 === null ? undefined : <Mono key="md5" text={contentMd5} />],
        [
          'Retention',
          fileRetention.isClientAuthorizedToRead ? (
            <Retention key="retention" version={version} />
          ) : (
            notVisible('readFileRetentions')
          ),
        ],
        [
          'Legal hold',
          !legalHold.isClientAuthorizedToRead ? (
            notVisible('readFileLegalHolds')
          ) : legalHold.value === 'on' ? (
            <Badge key="hold" kind="warning">
              On
            </Badge>
          ) : (
            'Off'
          ),
        ],
        ['File id', <Mono key="id" text={fileId} />],
      ]}
    />
  );
}

function OtherFacts({ version }: { readonly version: Exclude<FileVersion, StoredVersion> }) {
  const { bucketId, fileId, uploadTimestamp, action } = version;
  const { rights } = useSession();
  const parts = useParts(bucketId, fileId, action === 'start' && rights.has('writeFiles'));
  return (
    <Facts
      facts={[
        [action === 'start' ? 'Started' : 'Hidden', formatExactTime(uploadTimestamp)],
        [
          'Parts so far',
          parts.data && `${parts.data.count.toLocaleString('en-US')}, ${formatExactBytes(parts.data.bytes)}`,
        ],
        ['Content type', action === 'start' ? <Name key="type">{version.contentType}</Name> : undefined],
        ['File id', <Mono key="id" text={fileId} />],
      ]}
    />
  );
}

/** What a user wrote into the info of a file; undefined if it has no such entry. */
function infoOf(info: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(info, key) ? info[key] : undefined;
}

function Mono({ text }: { readonly text: string }) {
  return (
    <span className="mono">
      <Name>{text}</Name>
    </span>
  );
}

function Encryption({ version: { serverSideEncryption, fileInfo } }: { readonly version: StoredVersion }) {
  const { mode, algorithm } = serverSideEncryption;
  if (mode === null) return 'None: it is stored as it is';
  if (mode === 'SSE-B2') return `SSE-B2, ${algorithm}: the server keeps the key`;
  const keyId = infoOf(fileInfo, customerKeyIdInfo);
  return (
    <>
      SSE-C, {algorithm}: only who has the customer key can read it.{' '}
      {keyId === undefined ? 'The file does not name its key.' : 'Its key: '}
      {keyId !== undefined && <Mono text={keyId} />}
    </>
  );
}

function Retention({ version: { fileRetention } }: { readonly version: StoredVersion }) {
  const { value } = fileRetention;
  if (value === null || value.mode === null || value.retainUntilTimestamp === null) return 'None';
  const time = formatExactTime(value.retainUntilTimestamp);
  const mode = value.mode === 'compliance' ? 'Compliance' : 'Governance';
  return value.retainUntilTimestamp > Date.now() ? `${mode}, until ${time}` : `${mode}, was over at ${time}`;
}

function FileInfo({ info }: { readonly info: Readonly<Record<string, string>> }) {
  const entries = Object.entries(info);
  if (entries.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="file-info">
      <h3 id="file-info">File info</h3>
      <table className="file-info">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">
                <Name>{key}</Name>
              </th>
              <td>
                <Name>{value}</Name>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface VersionLinkProps {
  readonly bucket: Bucket;
  readonly place: FilesSearch;
  readonly version: FileVersion;
  readonly isShown: boolean;
}

function VersionLink({ bucket, place, version, isShown }: VersionLinkProps) {
  const { action, uploadTimestamp, fileId } = version;
  const what =
    action === 'hide' ? 'Hide marker' : action === 'start' ? 'Unfinished' : formatBytes(version.contentLength);
  return (
    <Link
      to="/buckets/$bucketName/files"
      params={{ bucketName: bucket.bucketName }}
      search={{ ...place, version: fileId }}
      aria-current={isShown ? 'true' : undefined}
      className="file-version"
    >
      <span>{formatTime(uploadTimestamp)}</span>
      <span className="soft">{what}</span>
      {isStored(version) && <EncryptionBadge mode={version.serverSideEncryption.mode} />}
    </Link>
  );
}
