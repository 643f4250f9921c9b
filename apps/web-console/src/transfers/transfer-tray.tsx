import { useEffect, useId, useState, useSyncExternalStore } from 'react';
import { countOf, formatBytes, formatCount } from '../format/bytes.ts';
import { formatDuration } from '../format/time.ts';
import { visibleText } from '../format/visible-text.ts';
import { useSession } from '../session/session-context.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import {
  CloseIcon,
  DownloadIcon,
  ErrorIcon,
  OpenIcon,
  PauseIcon,
  RefreshIcon,
  ResumeIcon,
  SuccessIcon,
  UploadIcon,
} from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { Progress } from '../ui/progress.tsx';
import { warnsBeforeUnload } from '../ui/before-unload.ts';
import { transfersOf, type Transfer, type TransferActions, type TransfersView } from './transfers.ts';
import './transfer-tray.css';

/** Uploads and downloads under way, above every page; nothing if there are none. */
export function TransferTray() {
  const transfers = transfersOf(useSession());
  const view = useSyncExternalStore(transfers.subscribe, transfers.view);
  const [isFolded, setIsFolded] = useState(false);
  const title = useId();
  const open = openCount(view);
  const isActive = open > 0;
  useEffect(() => (isActive ? warnsBeforeUnload() : undefined), [isActive]);

  const { counts } = view;
  if (open + counts.failed + counts.done + counts.cancelled === 0) return null;
  return (
    <section className={isFolded ? 'tray folded' : 'tray'} aria-labelledby={title}>
      <div className="tray-head">
        <div className="tray-title">
          <h2 id={title}>{titleOf(view)}</h2>
          <p className="small soft numbers">{isActive ? overallOf(view) : endedOf(view)}</p>
        </div>
        <span className="fold">
          <IconButton
            icon={OpenIcon}
            label={isFolded ? 'Show the list of transfers' : 'Hide the list of transfers'}
            aria-expanded={!isFolded}
            onPress={() => {
              setIsFolded(!isFolded);
            }}
          />
        </span>
        {!isActive && <IconButton icon={CloseIcon} label="Close the list of transfers" onPress={transfers.clear} />}
      </div>
      <div className="tray-overall">
        <Progress label="All transfers" value={view.total === 0 ? (isActive ? 0 : 1) : view.bytes / view.total} />
      </div>
      <p className="visually-hidden" role="status">
        {isActive ? '' : endedOf(view)}
      </p>
      {!isFolded && (
        <>
          <AllActions view={view} isActive={isActive} />
          <ul className="tray-list" aria-label="Transfers">
            {view.rows.map((transfer) => (
              <TransferRow
                key={transfer.id}
                transfer={transfer}
                rate={view.rates.get(transfer.id) ?? 0}
                act={transfers.act}
              />
            ))}
            <More view={view} />
          </ul>
        </>
      )}
    </section>
  );
}

function openCount({ counts: { waiting, checking, running, paused } }: TransfersView): number {
  return waiting + checking + running + paused;
}

function titleOf(view: TransfersView): string {
  const { kinds, counts } = view;
  const open = openCount(view);
  if (open === 0) return 'Transfers';
  if (open === counts.paused) return `${countOf(open, 'file')} paused`;
  const verb = kinds.size > 1 ? 'Transferring' : kinds.has('upload') ? 'Uploading' : 'Downloading';
  return `${verb} ${countOf(open, 'file')}`;
}

function overallOf({ bytes, total, rate, counts }: TransfersView): string {
  const parts = [`${formatBytes(bytes)} of ${formatBytes(total)}`];
  if (rate > 0 && counts.running > 0)
    parts.push(`${formatBytes(rate)}/s`, `${formatDuration((total - bytes) / rate)} left`);
  return parts.join(' · ');
}

function endedOf({ counts: { done, failed, cancelled } }: TransfersView): string {
  const behind = cancelled === 0 ? '' : `, ${formatCount(cancelled)} cancelled`;
  if (failed === 0) return `${countOf(done, 'file')} done${behind}`;
  return `${countOf(failed, 'file')} failed, ${formatCount(done)} done${behind}`;
}

function AllActions({ view, isActive }: { readonly view: TransfersView; readonly isActive: boolean }) {
  const transfers = transfersOf(useSession());
  const { counts } = view;
  const canPause = counts.waiting + counts.running + counts.checking > 0 && view.kinds.has('upload');
  return (
    <div className="tray-actions">
      {canPause && (
        <Button variant="quiet" icon={PauseIcon} onPress={transfers.pauseAll}>
          Pause all
        </Button>
      )}
      {counts.paused > 0 && (
        <Button variant="quiet" icon={ResumeIcon} onPress={transfers.resumeAll}>
          Resume all
        </Button>
      )}
      {counts.failed > 0 && (
        <Button variant="quiet" icon={RefreshIcon} onPress={transfers.retryAll}>
          Try all again
        </Button>
      )}
      {isActive && (
        <Button variant="quiet" icon={CloseIcon} onPress={transfers.cancelAll}>
          Cancel all
        </Button>
      )}
      {isActive && counts.done + counts.cancelled > 0 && (
        <Button variant="quiet" onPress={transfers.clear}>
          Clear what has ended
        </Button>
      )}
    </div>
  );
}

interface TransferRowProps {
  readonly transfer: Transfer;
  readonly rate: number;
  readonly act: (id: number, action: keyof TransferActions) => void;
}

function TransferRow({ transfer, rate, act }: TransferRowProps) {
  const { id, kind, name, bucketName, state, error, note, bytes, total, canPause } = transfer;
  const Icon =
    state === 'cancelled'
      ? CloseIcon
      : state === 'done'
        ? SuccessIcon
        : state === 'failed'
          ? ErrorIcon
          : kind === 'upload'
            ? UploadIcon
            : DownloadIcon;
  const shown = visibleText(name);
  const isOpen = state !== 'done' && state !== 'failed' && state !== 'cancelled';
  return (
    <li className={`tray-row ${state}`}>
      <Icon size={16} aria-hidden />
      <div className="tray-text">
        <Name oneLine>{name}</Name>
        {(state === 'running' || state === 'checking' || state === 'paused') && (
          <Progress label={shown} value={total === 0 ? 0 : bytes / total} />
        )}
        <span className="small soft numbers name">
          {stateText(transfer, rate)}
          {isOpen && note !== undefined && ` · ${note}`}
          {state === 'done' && <> · {bucketName}</>}
        </span>
        {error !== undefined && (
          <span className="small name">
            {visibleText(error.text)}
            {error.details !== undefined && <span className="soft"> ({visibleText(error.details)})</span>}
          </span>
        )}
      </div>
      <div className="tray-buttons">
        {canPause && (state === 'running' || state === 'checking' || state === 'waiting') && (
          <IconButton
            icon={PauseIcon}
            label={`Pause ${shown}`}
            onPress={() => {
              act(id, 'pause');
            }}
          />
        )}
        {state === 'paused' && (
          <IconButton
            icon={ResumeIcon}
            label={`Resume ${shown}`}
            onPress={() => {
              act(id, 'resume');
            }}
          />
        )}
        {state === 'failed' && (
          <IconButton
            icon={RefreshIcon}
            label={`Try ${shown} again`}
            onPress={() => {
              act(id, 'retry');
            }}
          />
        )}
        {isOpen && (
          <IconButton
            icon={CloseIcon}
            label={`Cancel ${shown}`}
            onPress={() => {
              act(id, 'cancel');
            }}
          />
        )}
      </div>
    </li>
  );
}

function stateText({ kind, state, bytes, isChecking, total, note }: Transfer, rate: number): string {
  const checked = `${String(Math.floor((bytes / Math.max(1, total)) * 100))} %`;
  switch (state) {
    case 'waiting':
      return `Waits · ${formatBytes(total)}`;
    case 'checking':
      return `Computing its checksum: ${checked}`;
    case 'paused':
      if (isChecking) return `Paused · its checksum is computed to ${checked}, nothing is sent yet`;
      return `Paused · ${formatBytes(bytes)} of ${formatBytes(total)}`;
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return note === undefined ? 'Cancelled' : `Cancelled: ${note}`;
    case 'done':
      return `${kind === 'upload' ? 'Uploaded' : (note ?? 'Downloaded')} · ${formatBytes(total)}`;
    case 'running': {
      const moved = `${formatBytes(bytes)} of ${formatBytes(total)}`;
      return rate > 0 ? `${moved} · ${formatBytes(rate)}/s · ${formatDuration((total - bytes) / rate)} left` : moved;
    }
  }
}

/** What is not among the rows, in words. */
function More({ view: { counts, rows } }: { readonly view: TransfersView }) {
  const texts = (['waiting', 'failed', 'done', 'cancelled'] as const).flatMap((state) => {
    const more = counts[state] - rows.filter((row) => row.state === state).length;
    return more > 0 ? [`${formatCount(more)} more ${state === 'waiting' ? 'wait' : state}`] : [];
  });
  return texts.length === 0 ? null : <li className="tray-more small soft">{texts.join(', ')}</li>;
}
