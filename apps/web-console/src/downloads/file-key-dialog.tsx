import { BringKeyForm } from '../customer-keys/bring-key-form.tsx';
import { useSession } from '../session/session-context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import type { DownloadableFile } from './download-button.tsx';
import { startDownload } from './downloads.ts';

interface FileKeyDialogProps {
  readonly bucketName: string;
  readonly file: DownloadableFile;
  readonly onClose: () => void;
}

/** Asks for the customer key of a file, and downloads it. */
export function FileKeyDialog({ bucketName, file, onClose }: FileKeyDialogProps) {
  const session = useSession();
  const id = file.fileInfo['sse_c_key_id'];
  return (
    <Dialog title="The key of this file" isOpen onClose={onClose}>
      <p>
        <Name>{file.fileName}</Name> is encrypted under a customer key (SSE-C), which this tab does not know.
        {id === undefined ? (
          ' Its info does not say which one.'
        ) : (
          <>
            {' '}
            Its info names the key <Name>{id}</Name>.
          </>
        )}
      </p>
      <BringKeyForm
        id={id}
        action="Download"
        onCancel={onClose}
        onAdded={(keyId) => {
          startDownload(session, { bucketName, file, keyId });
          onClose();
        }}
      />
    </Dialog>
  );
}
