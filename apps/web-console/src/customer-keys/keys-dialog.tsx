import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { DeleteIcon, KeyIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { EmptyState } from '../ui/page.tsx';
import { visibleText } from '../format/visible-text.ts';
import { AddKeyButtons } from './add-key-buttons.tsx';
import { InsecureNotice } from './insecure-notice.tsx';
import { useKnownKeys } from './known-keys.ts';
import './customer-keys.css';

/** The customer keys that this tab knows: to add some, and to forget them. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { customerKeys } = useSession();
  const known = useKnownKeys();
  return (
    <Dialog title="Customer keys in this tab" isOpen onClose={onClose}>
      {isSecureContext ? (
        <>
          <p className="soft">
            With these keys, files are encrypted and decrypted under SSE-C. They are in the memory of this tab only, and
            are forgotten when you sign out and after 15 minutes without use. Uploads that need a key end when it is
            forgotten.
          </p>
          {known.length === 0 ? (
            <EmptyState icon={KeyIcon} title="No keys">
              Make one for new files, or bring that of files which are stored already.
            </EmptyState>
          ) : (
            <ul className="key-list" aria-label="Keys">
              {known.map(({ id }) => (
                <li key={id}>
                  <Name>{id}</Name>
                  <Button
                    variant="quiet"
                    icon={DeleteIcon}
                    aria-label={`Forget ${visibleText(id)}`}
                    onPress={() => {
                      customerKeys.forget(id);
                    }}
                  >
                    Forget
                  </Button>
                </li>
              ))}
            </ul>
          )}
          <AddKeyButtons />
        </>
      ) : (
        <InsecureNotice />
      )}
      <DialogActions>
        {known.length > 1 && (
          <Button
            variant="danger"
            onPress={() => {
              customerKeys.forgetAll();
            }}
          >
            Forget all
          </Button>
        )}
        <Button onPress={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
