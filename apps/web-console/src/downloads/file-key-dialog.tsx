import { useState } from 'react';
import { BringKeyForm } from '../customer-keys/bring-key-form.tsx';
import { keyIdProblem } from '../customer-keys/key-text.ts';
import { useKnownKeys } from '../customer-keys/known-keys.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import type { DownloadableFile } from './downloadable-file.ts';
import type { DownloadKey } from './download-key.ts';

interface FileKeyDialogProps {
  readonly file: DownloadableFile;
  readonly onClose: () => void;
  /** Called with the key, which the tab does not know yet. */
  readonly onKey: (key: DownloadKey) => void;
}

/** Asks for the customer key of a file. */
export function FileKeyDialog({ file, onClose, onKey }: FileKeyDialogProps) {
  const id = file.fileInfo['sse_c_key_id'];
  const isOtherKnown = useKnownKeys().some((known) => known.id === id);
  const [mayReplace, setMayReplace] = useState(false);
  return (
    <Dialog title="The key of this file" isOpen onClose={onClose}>
      <p>
        <Name>{file.fileName}</Name> is encrypted under a customer key (SSE-C), which this tab does not know.
        {isOtherKnown && ' The key that it has under the same id is not the one of the file.'}
        {id === undefined || id === '' ? (
          ' Its info does not say which one.'
        ) : (
          <>
            {' '}
            Its info names the key <Name>{id}</Name>.
            {keyIdProblem(id, []) !== undefined && ' The tab keeps no key with such an id, and asks for it each time.'}
          </>
        )}
      </p>
      <BringKeyForm
        id={id}
        action="Download"
        onCancel={onClose}
        onKey={(keyId, key) => {
          onClose();
          onKey({ id: keyId, brought: { key, mayReplace } });
        }}
      >
        {isOtherKnown && (
          <Checkbox
            isSelected={mayReplace}
            onChange={setMayReplace}
            description="Otherwise this key is used for this download only, and the tab keeps the one that it has."
          >
            If this is the right key, put it in the place of the one that the tab has under this id
          </Checkbox>
        )}
      </BringKeyForm>
    </Dialog>
  );
}
