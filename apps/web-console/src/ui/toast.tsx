import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { IconButton } from './button.tsx';
import { describeError } from './describe-error.ts';
import { CloseIcon, ErrorIcon, SuccessIcon } from './icons.ts';
import { SignInAgainButton } from './sign-in-again.tsx';
import './toast.css';

interface ToastText {
  readonly kind: 'success' | 'danger';
  readonly title: string;
  readonly text?: string;
  /** Whether to offer to sign in again. */
  readonly isOfLostKey?: boolean;
}

const queue = new ToastQueue<ToastText>({ maxVisibleToasts: 3 });

/** Says for some seconds that something is done: "The bucket was deleted". */
export function tellDone(title: string): void {
  queue.add({ kind: 'success', title }, { timeout: 6_000 });
}

/** Says that something failed, until it is closed. `reason`: in better words than those that the error alone gives. */
export function tellError(title: string, error: unknown, reason?: string): void {
  const { text, details, isOfLostKey = false } = describeError(error);
  const shown = reason ?? text;
  queue.add({ kind: 'danger', title, text: details === undefined ? shown : `${shown} (${details})`, isOfLostKey });
}

/** Takes all of them away: they are of what somebody did who is signed out now. */
export function clearMessages(): void {
  queue.clear();
}

/** Where these appear; once in the whole page. */
export function Toasts() {
  return (
    <ToastRegion queue={queue} className="toasts" aria-label="Messages">
      {({ toast }) => {
        const { kind, title, text, isOfLostKey = false } = toast.content;
        const Icon = kind === 'success' ? SuccessIcon : ErrorIcon;
        return (
          <Toast toast={toast} className={`toast ${kind}`}>
            <Icon size={18} aria-hidden />
            <ToastContent className="toast-content">
              <Text slot="title" className="name">
                {title}
              </Text>
              {text !== undefined && (
                <Text slot="description" className="small name">
                  {text}
                </Text>
              )}
              {isOfLostKey && <SignInAgainButton />}
            </ToastContent>
            <IconButton slot="close" icon={CloseIcon} label="Close this message" />
          </Toast>
        );
      }}
    </ToastRegion>
  );
}
