import { BringKeyForm } from '../customer-keys/bring-key-form.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import type { DownloadableFile } from './downloadable-file.ts';

interface FileKeyDialogProps {
  readonly file: DownloadableFile;
  readonly onClose: () => void;
  /** Called with the id of the key, which the tab knows then. */
  readonly onKey: (id: string) => void;
}

/** Asks for the customer key of a file. */
export function FileKeyDialog({ file, onClose, onKey }: FileKeyDialogProps) {
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
          onClose();
          onKey(keyId);
        }}
      />
    </Dialog>
  );
}
