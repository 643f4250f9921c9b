import { lazy, Suspense, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { KeyIcon } from '../ui/icons.ts';
import { useKnownKeys } from './known-keys.ts';

const KeysDialog = lazy(() => import('./keys-dialog.tsx').then((module) => ({ default: module.KeysDialog })));

/** Opens the list of the customer keys that this tab knows. */
export function CustomerKeysButton() {
  const known = useKnownKeys();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        variant="quiet"
        icon={KeyIcon}
        onPress={() => {
          setIsOpen(true);
        }}
      >
        <span className="keys-label">
          {known.length === 0 ? 'Customer keys' : `Customer keys (${String(known.length)})`}
        </span>
      </Button>
      {isOpen && (
        <Suspense>
          <KeysDialog
            onClose={() => {
              setIsOpen(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
