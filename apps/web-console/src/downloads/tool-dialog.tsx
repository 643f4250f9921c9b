import { InsecureNotice } from '../customer-keys/insecure-notice.tsx';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import type { DownloadableFile } from './downloadable-file.ts';
import { safeFileName } from './safe-file-name.ts';
import { b2Lines, rcloneLines } from './tool-lines.ts';
import './tool-dialog.css';

interface ToolDialogProps {
  readonly bucketName: string;
  readonly file: DownloadableFile;
  /** Whether only this connection is in the way, and not the operator. */
  readonly isAllowed: boolean;
  readonly onClose: () => void;
}

/** Says why an encrypted file is not handed out here, and how to get it with other clients. */
export function ToolDialog({ bucketName, file, isAllowed, onClose }: ToolDialogProps) {
  const { keyId, account } = useSession();
  const { fileId, fileName, mode, fileInfo } = file;
  const customerKeyId = fileInfo['sse_c_key_id'];
  const lines = {
    ...{ apiUrl: account.apiUrl, keyId, bucketName, fileName, fileId },
    ...{ target: safeFileName(fileName), mode: mode ?? 'SSE-B2' },
  };
  return (
    <Dialog title="Download with a client" isOpen onClose={onClose} size="wide">
      {isAllowed ? (
        <InsecureNotice />
      ) : (
        <p>
          This file is encrypted with {mode}. The console does not hand out what is encrypted, so that nobody gets it in
          clear by a browser alone. Get it with a client of the B2 API, such as the b2 tool. Whoever runs this server
          may allow it here with the option <code className="whole">--console-encrypted-downloads</code>.
        </p>
      )}
      {mode === 'SSE-C' && (
        <p>
          You need the customer key
          {customerKeyId === undefined ? (
            '. The file’s info does not say which one it is.'
          ) : (
            <>
              {' '}
              that its info calls <Name>{customerKeyId}</Name>.
            </>
          )}
        </p>
      )}
      <div className="stack tight">
        <h3>With the b2 tool</h3>
        <CopyText label="Lines for the b2 tool" text={b2Lines(lines)} />
      </div>
      <div className="stack tight">
        <h3>With rclone</h3>
        <CopyText label="Lines for rclone" text={rcloneLines(lines)} />
        <p className="soft small">
          rclone reads the current version of the name.
          {mode === 'SSE-C' && ' It knows customer keys over the B2 API in versions from 2025 on.'}
        </p>
      </div>
      <DialogActions>
        <Button onPress={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
