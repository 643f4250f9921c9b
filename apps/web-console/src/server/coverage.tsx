import { useEffect, useRef, useState } from 'react';
import { useBuckets, type Bucket } from '../buckets/bucket-queries.ts';
import { countOf, formatBytes } from '../format/bytes.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Name } from '../ui/name.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { Loading } from '../ui/page.tsx';
import { countCoverage, nothingCounted, type CountedCoverage } from './count-coverage.ts';
import './coverage.css';

/** What is known of one bucket so far. */
interface BucketCoverage {
  readonly counted: CountedCoverage;
  readonly state: 'counting' | 'done' | 'failed';
  readonly error?: unknown;
}

/** How much of each bucket is encrypted, counted when asked for. */
export function Coverage() {
  const { client } = useSession();
  const { data: buckets, error, isPending, refetch } = useBuckets();
  const [known, setKnown] = useState<Readonly<Record<string, BucketCoverage>>>({});
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(
    () => () => {
      abort.current?.abort();
    },
    [],
  );
  if (isPending) return <Loading />;
  if (error)
    return <ErrorNotice title="The buckets could not be listed" error={error} onRetry={() => void refetch()} />;

  const count = async ({ bucketId }: Bucket, signal: AbortSignal): Promise<void> => {
    const tell = (state: BucketCoverage): void => {
      if (!signal.aborted) setKnown((before) => ({ ...before, [bucketId]: state }));
    };
    let counted = nothingCounted;
    tell({ counted, state: 'counting' });
    try {
      await countCoverage(
        client,
        bucketId,
        (sums) => {
          counted = sums;
          tell({ counted, state: 'counting' });
        },
        signal,
      );
      tell({ counted, state: 'done' });
    } catch (caught) {
      tell({ counted, state: 'failed', error: caught });
    }
  };
  /** One bucket after the other, so that a large account does not make the server read all of it at once. */
  const countAll = async (): Promise<void> => {
    abort.current?.abort();
    const { signal } = (abort.current = new AbortController());
    for (const bucket of buckets) {
      if (signal.aborted) return;
      await count(bucket, signal);
    }
  };
  const isCounting = Object.values(known).some(({ state }) => state === 'counting');
  return (
    <div className="stack">
      <div className="row">
        <Button onPress={() => void countAll()} isDisabled={isCounting || buckets.length === 0}>
          {Object.keys(known).length === 0 ? 'Count all buckets' : 'Count again'}
        </Button>
        {isCounting && (
          <Button
            variant="quiet"
            onPress={() => {
              abort.current?.abort();
              setKnown((before) =>
                Object.fromEntries(Object.entries(before).filter(([, { state }]) => state !== 'counting')),
              );
            }}
          >
            Stop
          </Button>
        )}
      </div>
      <ul className="coverage-list" aria-label="Encryption coverage">
        {buckets.map((bucket) => (
          <li key={bucket.bucketId}>
            <Name>{bucket.bucketName}</Name>
            <CoverageBar coverage={known[bucket.bucketId]} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const kinds = [
  { key: 'sseB2', label: 'SSE-B2' },
  { key: 'sseC', label: 'SSE-C' },
  { key: 'none', label: 'Not encrypted' },
] as const;

function CoverageBar({ coverage }: { readonly coverage: BucketCoverage | undefined }) {
  if (coverage === undefined) return <span className="soft small">Not counted</span>;
  const { counted, state, error } = coverage;
  const bytes = kinds.reduce((total, { key }) => total + counted[key].bytes, 0);
  const files = kinds.reduce((total, { key }) => total + counted[key].files, 0);
  // Where there is no byte at all, files are what can be compared.
  const share = (key: (typeof kinds)[number]['key']): number =>
    bytes > 0 ? counted[key].bytes / bytes : files > 0 ? counted[key].files / files : 0;
  return (
    <div className="coverage">
      <div className="coverage-bar" aria-hidden>
        {kinds.map(({ key }) => (
          <span key={key} className={key} style={{ width: `${String(share(key) * 100)}%` }} />
        ))}
      </div>
      <ul className="coverage-legend small numbers">
        {kinds.map(({ key, label }) =>
          counted[key].files === 0 ? null : (
            <li key={key}>
              <span className={`coverage-mark ${key}`} aria-hidden />{' '}
              {`${label}: ${countOf(counted[key].files, 'version')}, ${formatBytes(counted[key].bytes)}`}
            </li>
          ),
        )}
        {files === 0 && state === 'done' && <li>No files</li>}
        {state === 'counting' && <li role="status">Counting …</li>}
      </ul>
      {state === 'failed' && <ErrorNotice title="Counting failed" error={error} />}
    </div>
  );
}
