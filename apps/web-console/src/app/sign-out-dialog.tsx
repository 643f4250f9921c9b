import { ConfirmDialog } from '../ui/dialog.tsx';

interface SignOutDialogProps {
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** Asks before transfers end with the session. */
export function SignOutDialog({ onClose, onConfirm }: SignOutDialogProps) {
  return (
    <ConfirmDialog title="Sign out during transfers?" isOpen onClose={onClose} action="Sign out" onConfirm={onConfirm}>
      <p>
        What is being uploaded and downloaded ends. Large files that are not under a customer key can be continued
        later: upload the same file again.
      </p>
    </ConfirmDialog>
  );
}
