import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CloseIcon } from '../../ui/icons.ts';
import { Name } from '../../ui/name.tsx';

interface DetailsFrameProps {
  /** The name of the file. */
  readonly name: string;
  /** Beside the list, where there is room; else above everything. */
  readonly isBeside: boolean;
  /** Whether somebody has just opened it: then it gets the focus. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Where the details of a file stand. */
export function DetailsFrame({ name, isBeside, takesFocus, onClose, children }: DetailsFrameProps) {
  // The whole of a long name is among the facts.
  const title = (
    <span className="details-name">
      <Name>{name}</Name>
    </span>
  );
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isBeside && takesFocus) heading.current?.focus();
  }, [name, isBeside, takesFocus]);
  if (!isBeside) {
    return (
      <Dialog title={title} isOpen onClose={onClose} size="full">
        {children}
      </Dialog>
    );
  }
  return (
    <aside
      className="details"
      aria-label="Details of the file"
      onKeyDown={(event) => {
        // React passes on what happens in dialogs that were opened from here, too.
        const isHere = event.currentTarget.contains(event.target as Node);
        if (isHere && event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <div className="details-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon={CloseIcon} label="Close the details" onPress={onClose} />
      </div>
      {children}
    </aside>
  );
}
