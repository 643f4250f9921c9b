import type { SecretString } from '@coffer/bytes';
import { useState } from 'react';
import { useConsoleSettings } from '../session/console-settings.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Select, type Choice } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { clientLines, s3Programs, type ClientProgram } from './client-lines.ts';
import type { ApplicationKey } from './key-queries.ts';

/** A key that was just made. */
export interface NewKey {
  readonly key: ApplicationKey;
  /** Wiped when the dialog is closed. */
  readonly secret: SecretString;
  /** The name of one of its buckets; undefined: it is for all. */
  readonly bucket: string | undefined;
}

const programs: readonly Choice<ClientProgram>[] = [
  { value: 'b2', label: 'b2 command-line tool' },
  { value: 'rcloneB2', label: 'rclone, as B2' },
  { value: 'rcloneS3', label: 'rclone, as S3' },
  { value: 'restic', label: 'restic' },
  { value: 'aws', label: 'AWS CLI' },
  { value: 'boto3', label: 'boto3 (Python)' },
];

interface NewKeyDialogProps {
  readonly made: NewKey;
  readonly onClose: () => void;
}

/** Shows a new key, the only time that it can be seen. */
export function NewKeyDialog({ made: { key, secret, bucket }, onClose }: NewKeyDialogProps) {
  const { account } = useSession();
  const [program, setProgram] = useState<ClientProgram>('b2');
  // What is on the page is a string that nobody can wipe; the dialog holds it as long as it is open.
  const [text] = useState(() => secret.expose((exposed) => exposed));
  const { apiUrl, s3ApiUrl } = account;
  const s3Region = useConsoleSettings()?.s3Region;
  const { applicationKeyId: keyId, namePrefix } = key;
  const given = { keyId, key: text, apiUrl, s3ApiUrl, s3Region: s3Region ?? undefined, bucket };
  return (
    <Dialog title="The new application key" isOpen onClose={onClose} size="wide" mustBeAnswered>
      <Notice kind="warning" title="It is shown only now">
        Copy the application key and keep it in a safe place. The server never shows it again.
      </Notice>
      <div className="stack tight">
        <h3>Key id</h3>
        <CopyText label="key id" text={keyId} />
      </div>
      <div className="stack tight">
        <h3>Application key</h3>
        <CopyText label="application key" text={text} />
      </div>
      <div className="stack tight">
        <Select
          label="Lines to paste into a shell, for"
          choices={s3Region === null ? programs.filter(({ value }) => !s3Programs.includes(value)) : programs}
          value={program}
          onChange={setProgram}
          description="They hold the key, and most shells keep a history of what was pasted."
        />
        <CopyText label="lines" text={clientLines(program, { ...given, namePrefix: namePrefix ?? '' })} />
      </div>
      <DialogActions>
        <Button
          variant="primary"
          onPress={() => {
            secret.wipe();
            onClose();
          }}
        >
          I have kept the key
        </Button>
      </DialogActions>
    </Dialog>
  );
}
