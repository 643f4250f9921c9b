import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { describeError } from './describe-error.ts';
import { ErrorIcon, InfoIcon, RefreshIcon, SuccessIcon, WarningIcon } from './icons.ts';
import { SignInAgainButton } from './sign-in-again.tsx';
import './notice.css';

const icons = { info: InfoIcon, success: SuccessIcon, warning: WarningIcon, danger: ErrorIcon };

interface NoticeProps {
  readonly kind?: keyof typeof icons;
  readonly title?: string;
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
}

/** A remark on the page. One of kind `danger` is read out at once. */
export function Notice({ kind = 'info', title, children, actions }: NoticeProps) {
  const Icon = icons[kind];
  return (
    <div className={`notice ${kind}`} role={kind === 'danger' ? 'alert' : undefined}>
      <Icon size={18} aria-hidden />
      <div className="notice-text">
        {title !== undefined && <strong>{title}</strong>}
        {children !== undefined && <div>{children}</div>}
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
    </div>
  );
}

interface ErrorNoticeProps {
  /** What was tried: "The buckets could not be listed". */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

/** Says what went wrong in words for people, with a button to try again. */
export function ErrorNotice({ title, error, onRetry }: ErrorNoticeProps) {
  const { text, details, isOfLostKey = false } = describeError(error);
  return (
    <Notice
      kind="danger"
      title={title}
      actions={
        isOfLostKey ? (
          <SignInAgainButton />
        ) : (
          onRetry && (
            <Button icon={RefreshIcon} onPress={onRetry}>
              Try again
            </Button>
          )
        )
      }
    >
      <p className="name">{text}</p>
      {details !== undefined && <p className="small soft name">{details}</p>}
    </Notice>
  );
}
