import { createContext, useContext, useEffect, type ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button, IconButton } from './button.tsx';
import { CloseIcon } from './icons.ts';
import './dialog.css';

interface DialogProps {
  readonly title: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** `wide` for forms with much in them; `full` fills a small window. */
  readonly size?: 'normal' | 'wide' | 'full';
  /** For what must be answered: a click beside it and the Escape key do not close it, and there is no ✕. */
  readonly mustBeAnswered?: boolean;
  readonly children: ReactNode;
}

/** Called when a dialog is opened; what it returns is called when that is closed. */
type DialogWatcher = () => () => void;

const watching = createContext<DialogWatcher | undefined>(undefined);

interface DialogWatchProps {
  /** The same function in every render. */
  readonly onOpened: DialogWatcher;
  readonly children: ReactNode;
}

/** Tells of the dialogs that are opened by what is in it. */
export function DialogWatch({ onOpened, children }: DialogWatchProps) {
  return <watching.Provider value={onOpened}>{children}</watching.Provider>;
}

/** A dialog above the page. It keeps the focus inside, and gives it back when it is closed. */
export function Dialog({ title, isOpen, onClose, size = 'normal', mustBeAnswered = false, children }: DialogProps) {
  const onOpened = useContext(watching);
  useEffect(() => (isOpen ? onOpened?.() : undefined), [isOpen, onOpened]);
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={!mustBeAnswered}
      isKeyboardDismissDisabled={mustBeAnswered}
    >
      <Modal className={`modal ${size}`}>
        <AriaDialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title" level={2} className="name">
              {title}
            </Heading>
            {!mustBeAnswered && <IconButton icon={CloseIcon} label="Close" onPress={onClose} />}
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The buttons at the end of a dialog. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}

interface ConfirmDialogProps {
  readonly title: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What the button says, as a verb: "Delete 3 files". */
  readonly action: string;
  /** What the button says that does nothing. Default: "Cancel". */
  readonly refusal?: string;
  readonly onConfirm: () => void;
  readonly isPending?: boolean;
  readonly isDanger?: boolean;
  /** What happens then, in a sentence or two. */
  readonly children: ReactNode;
}

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, isOpen, onClose, action, refusal = 'Cancel', onConfirm, children } = props;
  const { isPending = false, isDanger = true } = props;
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <div className="stack">{children}</div>
      <DialogActions>
        {/* Enter alone does nothing that cannot be undone. */}
        <Button onPress={onClose} autoFocus={isDanger}>
          {refusal}
        </Button>
        <Button
          variant={isDanger ? 'danger' : 'primary'}
          isPending={isPending}
          onPress={onConfirm}
          autoFocus={!isDanger}
        >
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
