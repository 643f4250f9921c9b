import { useBlocker } from '@tanstack/react-router';
import { createContext, useCallback, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { warnsBeforeUnload } from '../../ui/before-unload.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';

/** The titles of the sections that have changes which are not saved. */
const UnsavedSections = createContext<Set<string> | undefined>(undefined);

/** Asks before changes of the settings in it are lost, because another page is opened or this one is left. */
export function UnsavedSettings({ children }: { readonly children: ReactNode }) {
  const unsaved = useMemo(() => new Set<string>(), []);
  const isInTheWay = useCallback(
    // Within the page, such as with another query, nothing is lost.
    ({ current, next }: { current: { pathname: string }; next: { pathname: string } }) =>
      unsaved.size > 0 && current.pathname !== next.pathname,
    [unsaved],
  );
  const leaving = useBlocker({ shouldBlockFn: isInTheWay, enableBeforeUnload: false, withResolver: true });
  return (
    <UnsavedSections value={unsaved}>
      {children}
      {leaving.status === 'blocked' && (
        <ConfirmDialog
          title="Leave without saving?"
          isOpen
          onClose={leaving.reset}
          action="Drop the changes"
          refusal="Stay"
          onConfirm={leaving.proceed}
        >
          Not saved yet: {[...unsaved].join(', ')}.
        </ConfirmDialog>
      )}
    </UnsavedSections>
  );
}

/** Has it asked for, as long as a section is changed. */
export function useUnsaved(title: string, isChanged: boolean): void {
  const unsaved = useContext(UnsavedSections);
  useEffect(() => {
    if (!isChanged) return undefined;
    unsaved?.add(title);
    const end = warnsBeforeUnload();
    return () => {
      unsaved?.delete(title);
      end();
    };
  }, [unsaved, title, isChanged]);
}
