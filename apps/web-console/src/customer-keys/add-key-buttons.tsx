import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { AddIcon, FileIcon } from '../ui/icons.ts';
import { BringKeyDialog } from './bring-key-form.tsx';
import { MakeKeyDialog } from './make-key-dialog.tsx';

/** Buttons to make a customer key, and to bring one. `onAdded` is told the id of the key that the tab knows then. */
export function AddKeyButtons({ onAdded }: { readonly onAdded?: (id: string) => void }) {
  const [adding, setAdding] = useState<'make' | 'bring'>();
  const close = (): void => {
    setAdding(undefined);
  };
  const added = (id: string): void => {
    close();
    onAdded?.(id);
  };
  return (
    <div className="row">
      <Button
        icon={AddIcon}
        onPress={() => {
          setAdding('make');
        }}
      >
        Make a key
      </Button>
      <Button
        icon={FileIcon}
        onPress={() => {
          setAdding('bring');
        }}
      >
        Bring a key
      </Button>
      {adding === 'make' && <MakeKeyDialog onClose={close} onAdded={added} />}
      {adding === 'bring' && <BringKeyDialog onClose={close} onAdded={added} />}
    </div>
  );
}
