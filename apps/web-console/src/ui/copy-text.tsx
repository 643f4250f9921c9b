import { useState } from 'react';
import { IconButton } from './button.tsx';
import { CopyIcon, DoneIcon } from './icons.ts';
import { tellError } from './toast.tsx';
import './copy-text.css';

interface CopyTextProps {
  /** What it is: "Application key". */
  readonly label: string;
  readonly text: string;
  /** Called when it has been copied, by the button or by hand. */
  readonly onCopied?: () => void;
}

/** A text to be copied, in one or several lines, with a button that does so. */
export function CopyText({ label, text, onCopied }: CopyTextProps) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setIsCopied(true);
        onCopied?.();
        setTimeout(() => {
          setIsCopied(false);
        }, 2_000);
      },
      (error: unknown) => {
        tellError('It could not be copied. Select the text, and copy it by hand.', error);
      },
    );
  };
  return (
    <div className="copy-text">
      {/* Long lines are scrolled, which has to be possible by keyboard. */}
      <pre tabIndex={0} aria-label={label} onCopy={onCopied}>
        {text}
      </pre>
      <IconButton icon={isCopied ? DoneIcon : CopyIcon} label={isCopied ? 'Copied' : `Copy ${label}`} onPress={copy} />
    </div>
  );
}
