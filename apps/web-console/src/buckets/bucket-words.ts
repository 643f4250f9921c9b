/** What the type of a bucket means, in a word. */
export function bucketTypeWord(type: string): string {
  return typeWords[type] ?? type;
}

const typeWords: Readonly<Record<string, string>> = {
  allPrivate: 'Private',
  allPublic: 'Public',
  snapshot: 'Snapshots',
  restricted: 'Restricted',
  shared: 'Shared',
};

/** `30 days`, `1 year`. */
export function periodText({ duration, unit }: { readonly duration: number; readonly unit: 'days' | 'years' }): string {
  const one = unit === 'days' ? 'day' : 'year';
  return `${duration.toLocaleString('en-US')} ${one}${duration === 1 ? '' : 's'}`;
}

/** How many rules of each kind a bucket has; undefined where that is not known. */
export interface RuleCounts {
  readonly lifecycle: number;
  readonly cors: number;
  readonly notifications: number | undefined;
}

/** `2 lifecycle, 1 CORS`, or `None`. */
export function rulesText({ lifecycle, cors, notifications = 0 }: RuleCounts): string {
  const parts = [
    lifecycle > 0 ? `${lifecycle} lifecycle` : '',
    cors > 0 ? `${cors} CORS` : '',
    notifications > 0 ? `${notifications} ${notifications === 1 ? 'notification' : 'notifications'}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'None' : parts.join(', ');
}
