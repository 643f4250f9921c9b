import type { BucketId } from '@coffer/b2-schema';
import { useEffect, useRef, type ReactNode } from 'react';
import { countOf, formatBytes, formatExactBytes } from '../../format/bytes.ts';
import { Button } from '../../ui/button.tsx';
import { describeError } from '../../ui/describe-error.ts';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Name } from '../../ui/name.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Progress } from '../../ui/progress.tsx';
import { tellDone } from '../../ui/toast.tsx';
import { useRefreshFiles } from '../file-queries.ts';
import { itemsIn, type WorkCount, type WorkFailure, type WorkProgress, type WorkResult } from './file-work.ts';
import './work-dialog.css';
import { useFileWork, type FileWork } from './use-file-work.ts';

/** What the dialog says. */
interface WorkWords {
  readonly title: string;
  /** What happens then, in a sentence or two. */
  readonly explain: (count: WorkCount) => ReactNode;
  /** What the button says: "Delete 3 files"; without the number while it is counted. */
  readonly action: (count: WorkCount | undefined) => string;
  /** While it runs: "Deleting". */
  readonly doing: string;
  /** Of how many it is done: "3 files deleted". */
  readonly done: (done: number) => string;
}

interface WorkDialogProps {
  readonly work: FileWork;
  /** Another one is counted again. */
  readonly id: string;
  readonly words: WorkWords;
  /** The buckets in which something changes. */
  readonly buckets: readonly BucketId[];
  /** What can be chosen before, such as which versions. */
  readonly options?: ReactNode;
  /** Whether what is chosen is complete. */
  readonly isReady?: boolean;
  readonly isDanger?: boolean;
  readonly size?: 'normal' | 'wide';
  /** In words, if there is more to say than the error does. */
  readonly describeFailure?: ((failure: WorkFailure) => string | undefined) | undefined;
  /** `isDone`: everything was done. */
  readonly onClose: (isDone: boolean) => void;
}

/** Counts, asks, works, and tells what came of it. */
export function WorkDialog(props: WorkDialogProps) {
  const { work, id, words, buckets, options, isReady = true, isDanger = true, size = 'normal', onClose } = props;
  const { phase, begin, stop, recount } = useFileWork(work, id, ({ done }) => {
    tellDone(`${words.done(done)} before it was stopped`);
  });
  const refresh = useRefreshFiles();
  // What comes to its end later must not close another dialog, or go to another page.
  const isOpen = useRef(false);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  const start = async (): Promise<void> => {
    const result = await begin();
    await Promise.all(buckets.map((bucketId) => refresh(bucketId)));
    if (result === undefined || !isComplete(result)) return;
    tellDone(words.done(result.done));
    if (isOpen.current) onClose(true);
  };
  const isRunning = phase.at === 'running';
  const isOver = phase.at === 'finished' || (phase.at === 'stopped' && phase.progress !== undefined);
  const close = (): void => {
    stop();
    isOpen.current = false;
    onClose(phase.at === 'finished' && isComplete(phase.result));
  };
  const count = phase.at === 'counted' ? phase.count : undefined;
  const isNothing = count !== undefined && itemsIn(count) === 0;
  return (
    <Dialog title={words.title} isOpen onClose={close} size={size} mustBeAnswered={isRunning}>
      {!isRunning && !isOver && options}
      {phase.at === 'counting' && <Counting count={phase.count} />}
      {phase.at === 'counted' &&
        (isNothing ? (
          <p>There is nothing here to do that with.</p>
        ) : (
          <div className="stack">{words.explain(phase.count)}</div>
        ))}
      {phase.at === 'running' && <Running {...phase} doing={words.doing} />}
      {phase.at === 'finished' && <Finished {...phase} {...props} />}
      {phase.at === 'stopped' && <Stopped {...phase} done={words.done} onRetry={recount} />}
      <DialogActions>
        {isRunning ? (
          <Button onPress={stop}>Stop</Button>
        ) : isOver ? (
          <Button variant="primary" onPress={close}>
            Close
          </Button>
        ) : (
          <>
            <Button onPress={close}>Cancel</Button>
            <Button
              variant={isDanger ? 'danger' : 'primary'}
              isDisabled={count === undefined || isNothing || !isReady}
              onPress={() => void start()}
            >
              {words.action(count)}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** Whether everything was done that was asked for. */
function isComplete({ failed, skipped }: WorkResult): boolean {
  return failed === 0 && skipped === 0;
}

/** `2 files, 5 versions, 1 hide marker, 12 MB`. */
export function CountFacts({ count }: { readonly count: WorkCount }) {
  const { files, versions, hideMarkers, unfinished, bytes } = count;
  const parts = [
    countOf(files, 'file'),
    versions === files && hideMarkers + unfinished === 0 ? undefined : countOf(versions, 'version'),
    hideMarkers > 0 ? countOf(hideMarkers, 'hide marker') : undefined,
    unfinished > 0 ? countOf(unfinished, 'unfinished large file') : undefined,
  ];
  return (
    <p className="work-count">
      <strong>{parts.filter((part) => part !== undefined).join(', ')}</strong>
      {', '}
      <span title={formatExactBytes(bytes)}>{formatBytes(bytes)}</span>
    </p>
  );
}

function Counting({ count }: { readonly count: WorkCount | undefined }) {
  return (
    <div className="stack tight" role="status">
      <p>Counting … {count && `${countOf(itemsIn(count), 'version')} so far, ${formatBytes(count.bytes)}`}</p>
      <Progress label="Counting" value={undefined} />
    </div>
  );
}

interface RunningProps {
  readonly doing: string;
  readonly count: WorkCount;
  readonly progress: WorkProgress;
}

function Running({ doing, count, progress: { done, failed } }: RunningProps) {
  const total = itemsIn(count);
  return (
    <div className="stack tight">
      <p className="numbers">
        {doing}: {done.toLocaleString('en-US')} of {total.toLocaleString('en-US')}
        {failed > 0 && `, ${countOf(failed, 'failure')}`}
      </p>
      {/* What came after the count is left out, here as well. */}
      <Progress label={doing} value={Math.min(1, (done + failed) / Math.max(1, total))} />
      <p className="small soft">What is done stays done if you stop it. Closing the tab stops it, too.</p>
    </div>
  );
}

interface FinishedProps {
  readonly result: WorkResult;
  readonly words: WorkWords;
  readonly describeFailure?: WorkDialogProps['describeFailure'];
}

function Finished({ result, words, describeFailure }: FinishedProps) {
  const { done, failed, skipped, failures } = result;
  if (failed === 0) {
    return (
      <Notice kind="success" title={words.done(done)}>
        {skipped > 0 && skippedText(skipped)}
      </Notice>
    );
  }
  return (
    <div className="stack">
      <Notice kind="warning" title={`${words.done(done)}, ${countOf(failed, 'failure')}`}>
        {skipped > 0 && `${skippedText(skipped)} `}These could not be done:
      </Notice>
      <ul className="work-failures" tabIndex={0} aria-label="Failures">
        {failures.map(({ item, error }) => (
          <li key={item.fileId}>
            <Name>{item.name}</Name>
            <span className="small soft name">{describeFailure?.({ item, error }) ?? describeError(error).text}</span>
          </li>
        ))}
      </ul>
      {failed > failures.length && <p className="small soft">The first {failures.length} of them are listed.</p>}
    </div>
  );
}

function skippedText(skipped: number): string {
  const [were, they] = skipped === 1 ? ['was', 'it'] : ['were', 'they'];
  return `${countOf(skipped, 'version')} ${were} skipped, because ${they} came after the count.`;
}

interface StoppedProps {
  readonly progress: WorkProgress | undefined;
  readonly error: unknown;
  readonly done: (done: number) => string;
  readonly onRetry: () => void;
}

function Stopped({ progress, error, done, onRetry }: StoppedProps) {
  if (progress === undefined) return <ErrorNotice title="Counting failed" error={error} onRetry={onRetry} />;
  return (
    <div className="stack">
      {error !== undefined && <ErrorNotice title="It stopped before its end" error={error} />}
      <p>
        {done(progress.done)} before it was stopped
        {progress.failed > 0 && `, ${countOf(progress.failed, 'failure')}`}.
        {progress.skipped > 0 && ` ${skippedText(progress.skipped)}`}
      </p>
    </div>
  );
}
