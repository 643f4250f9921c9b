import { overrideHeaders, printDownloadPath, type OverrideName } from '@coffer/b2-schema';
import { useState } from 'react';
import type { Bucket } from '../../buckets/bucket-queries.ts';
import { formatDuration } from '../../format/time.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useSession } from '../../session/session-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Checkbox, Select, TextField } from '../../ui/fields.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';

interface LinkDialogProps {
  readonly bucket: Bucket;
  /** A file, or everything that begins with a text, such as a folder. */
  readonly of: { readonly fileName: string; readonly mode: 'SSE-B2' | 'SSE-C' | null } | { readonly prefix: string };
  readonly onClose: () => void;
}

const hour = 3_600;
const durations = [hour, 12 * hour, 24 * hour, 3 * 24 * hour, 7 * 24 * hour].map((seconds) => ({
  value: String(seconds),
  label: formatDuration(seconds),
}));

const overridable = [
  ['b2ContentDisposition', 'attachment; filename="report.pdf"'],
  ['b2ContentType', 'text/plain; charset=utf-8'],
  ['b2CacheControl', 'no-store'],
] as const satisfies readonly (readonly [OverrideName, string])[];

type Overrides = Partial<Record<(typeof overridable)[number][0], string>>;

/** Makes a link with which anybody can download a file, or all files of a folder, for some time. */
export function LinkDialog({ bucket, of, onClose }: LinkDialogProps) {
  const { client, account } = useSession();
  const { bucketId, bucketName, bucketType } = bucket;
  const prefix = 'prefix' in of ? of.prefix : of.fileName;
  const [duration, setDuration] = useState(String(24 * hour));
  const [isOverriding, setIsOverriding] = useState(false);
  const [overrides, setOverrides] = useState<Overrides>({});
  const [made, setMade] = useState<{ readonly text: string; readonly query: string }>();
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const path = 'prefix' in of ? undefined : printDownloadPath(bucketName, of.fileName);
  const plain = path === undefined ? undefined : `${account.downloadUrl}/file/${path}`;
  const address = `${account.downloadUrl}/file/${bucketName}/NAME`;
  const title = 'prefix' in of ? 'Links for what is in a folder' : 'Download link';

  const make = async (): Promise<void> => {
    setIsPending(true);
    setError(undefined);
    try {
      const used = Object.entries(isOverriding ? overrides : {}).filter(([, value]) => value !== '');
      const { authorizationToken } = await client.api.getDownloadAuthorization({
        ...{ bucketId, fileNamePrefix: prefix, validDurationInSeconds: Number(duration) },
        ...Object.fromEntries(used),
      });
      const query = authorizationToken.expose((token) =>
        new URLSearchParams([['Authorization', token], ...used]).toString(),
      );
      setMade({ query, text: `${plain ?? address}?${query}` });
    } catch (caught) {
      setError(caught);
    } finally {
      setIsPending(false);
    }
  };
  const isSseC = 'mode' in of && of.mode === 'SSE-C';
  return (
    <Dialog title={title} isOpen onClose={onClose} size="wide">
      {isSseC && (
        <Notice kind="warning" title="This file is encrypted under a customer key">
          Whoever uses the link has to send the customer key in headers, too. A browser does not do that by itself.
        </Notice>
      )}
      {'fileName' in of && path === undefined ? (
        <Notice kind="warning" title="There can be no link to this file">
          Its name has a part that is “.” or “..”, which browsers and other programs take out of addresses. It can be
          downloaded by its id.
        </Notice>
      ) : (
        <>
          {bucketType === 'allPublic' && plain !== undefined && (
            <div className="stack tight">
              <p>This bucket is public: everybody can download the file with its plain link.</p>
              <CopyText label="Public link" text={plain} />
            </div>
          )}
          {bucketType === 'allPublic' && 'prefix' in of && (
            <div className="stack tight">
              <p>This bucket is public: everybody can download each of its files, whose addresses look like this.</p>
              <CopyText label="Public address" text={address} />
              <PlaceOfName />
            </div>
          )}
          {bucketType === 'allPublic' ? null : (
            <>
              <p>
                {'prefix' in of ? (
                  <>
                    Whoever has such a link can download every file whose name begins with{' '}
                    <bdi className="name mono">{prefix === '' ? 'anything' : visibleText(prefix)}</bdi>, and those that
                    are uploaded later, until the time is over. Links cannot be taken back.
                  </>
                ) : (
                  <>
                    Whoever has the link can download this file until the time is over, newer versions of it as well,
                    and files whose names begin with the name of this one. A link cannot be taken back.
                  </>
                )}
              </p>
              <Select label="Valid for" choices={durations} value={duration} onChange={setDuration} />
              <Checkbox isSelected={isOverriding} onChange={setIsOverriding}>
                Set headers of the answer
              </Checkbox>
              {isOverriding &&
                overridable.map(([name, example]) => (
                  <TextField
                    key={name}
                    label={overrideHeaders[name]}
                    isMono
                    placeholder={example}
                    value={overrides[name] ?? ''}
                    onChange={(value) => {
                      setOverrides((before) => ({ ...before, [name]: value }));
                    }}
                  />
                ))}
              {error !== undefined && <ErrorNotice title="The link could not be made" error={error} />}
              {made && (
                <div className="stack tight">
                  <CopyText label="Link" text={made.text} />
                  {'prefix' in of && <PlaceOfName />}
                </div>
              )}
            </>
          )}
        </>
      )}
      <DialogActions>
        <Button onPress={onClose}>Close</Button>
        {bucketType !== 'allPublic' && ('prefix' in of || path !== undefined) && (
          <Button variant="primary" isPending={isPending} onPress={() => void make()}>
            {made ? 'Make another link' : 'Make a link'}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function PlaceOfName() {
  return <p className="small soft">In place of NAME comes the percent-encoded name of a file, with its folders.</p>;
}
