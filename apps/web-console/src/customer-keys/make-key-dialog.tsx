import { SecretBytes } from '@coffer/bytes';
import { CustomerKey, customerKeyLength } from '@coffer/sse-schema';
import { useEffect, useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { TextField } from '../ui/fields.tsx';
import { DownloadIcon } from '../ui/icons.ts';
import { Notice } from '../ui/notice.tsx';
import { keyIdProblem, newKeyId, printKeyFile } from './key-text.ts';
import { useKnownKeys } from './known-keys.ts';
import { saveBlob } from './save-blob.ts';

interface MakeKeyDialogProps {
  readonly onClose: () => void;
  /** Called with the id of the key, which the tab knows then. */
  readonly onAdded: (id: string) => void;
}

function madeKey(): CustomerKey {
  const bytes = SecretBytes.random(customerKeyLength);
  try {
    return bytes.expose((random) => CustomerKey.fromBytes(random));
  } finally {
    bytes.wipe();
  }
}

/** Makes a customer key, and shows it once. It can be used when it has been kept somewhere else. */
export function MakeKeyDialog({ onClose, onAdded }: MakeKeyDialogProps) {
  const { customerKeys, ending } = useSession();
  const known = useKnownKeys();
  const [key] = useState(madeKey);
  const [id, setId] = useState(newKeyId);
  const [isKept, setIsKept] = useState(false);
  const problem = keyIdProblem(id, known);
  useEffect(() => {
    const wipe = (): void => {
      key.wipe();
    };
    ending.signal.addEventListener('abort', wipe);
    return () => {
      ending.signal.removeEventListener('abort', wipe);
    };
  }, [ending, key]);

  const save = (): void => {
    const name = `customer-key-${id.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.json`;
    saveBlob(name, new Blob([printKeyFile(id, key)], { type: 'application/json' }));
    setIsKept(true);
  };
  const add = (): void => {
    customerKeys.add(id, key);
    key.wipe();
    onAdded(id);
  };
  const cancel = (): void => {
    key.wipe();
    onClose();
  };

  return (
    <Dialog title="A new customer key" isOpen onClose={cancel} size="wide" mustBeAnswered>
      <Notice kind="warning" title="Without this key, the files are lost">
        The server does not keep it, and this tab forgets it. It is shown once: save it, or copy it to a safe place.
      </Notice>
      <TextField
        label="Id of the key"
        value={id}
        onChange={(value) => {
          setId(value);
          // A file that was saved names the key as it was called before.
          setIsKept(false);
        }}
        error={problem}
        isMono
        description="No secret. It is written into the info of each file (sse_c_key_id), by which you find the key."
      />
      {key.key.wiped
        ? null
        : key.exposeBase64((text) => (
            <CopyText
              label="Key in base64"
              text={text}
              onCopied={() => {
                setIsKept(true);
              }}
            />
          ))}
      <div className="row">
        <Button icon={DownloadIcon} onPress={save} isDisabled={problem !== undefined}>
          Save as a file
        </Button>
        <span className="small soft" role="status">
          {isKept ? 'Kept. Look that you find it again.' : 'Save or copy it first.'}
        </span>
      </div>
      <DialogActions>
        <Button onPress={cancel}>Cancel</Button>
        <Button variant="primary" onPress={add} isDisabled={!isKept || problem !== undefined}>
          Use this key
        </Button>
      </DialogActions>
    </Dialog>
  );
}
