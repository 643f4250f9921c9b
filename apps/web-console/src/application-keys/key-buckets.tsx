import { Name } from '../ui/name.tsx';
import type { ApplicationKey } from './key-queries.ts';

interface KeyBucketsProps {
  readonly applicationKey: ApplicationKey;
  /** Names of buckets by their ids, as far as they are known. */
  readonly names: ReadonlyMap<string, string>;
  /** How many are named; the others are counted. */
  readonly most?: number;
}

/** The buckets that a key is restricted to. */
export function KeyBuckets({ applicationKey: { bucketIds }, names, most = Infinity }: KeyBucketsProps) {
  if (bucketIds === null) return <span className="key-all-buckets">All buckets</span>;
  const named = bucketIds.slice(0, most);
  return (
    <>
      {named.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Name>{names.get(id) ?? id}</Name>
        </span>
      ))}
      {bucketIds.length > named.length && ` and ${bucketIds.length - named.length} more`}
    </>
  );
}
