import type { ReactNode } from 'react';
import { ClearIcon, EncryptedIcon, KeyIcon } from './icons.ts';
import './badge.css';

interface BadgeProps {
  readonly kind?: 'plain' | 'accent' | 'success' | 'warning' | 'danger';
  readonly children: ReactNode;
}

/** A word or two that tell a state. */
export function Badge({ kind = 'plain', children }: BadgeProps) {
  return <span className={`badge ${kind}`}>{children}</span>;
}

interface EncryptionBadgeProps {
  /** `undefined`: this key may not see it. */
  readonly mode: 'SSE-B2' | 'SSE-C' | 'none' | null | undefined;
}

/** How a file, or the new files of a bucket, are encrypted. */
export function EncryptionBadge({ mode }: EncryptionBadgeProps) {
  if (mode === undefined) return <Badge>Not visible</Badge>;
  if (mode === 'SSE-B2') {
    return (
      <Badge kind="success">
        <EncryptedIcon size={13} aria-hidden /> SSE-B2
      </Badge>
    );
  }
  if (mode === 'SSE-C') {
    return (
      <Badge kind="accent">
        <KeyIcon size={13} aria-hidden /> SSE-C
      </Badge>
    );
  }
  return (
    <Badge>
      <ClearIcon size={13} aria-hidden /> Not encrypted
    </Badge>
  );
}
