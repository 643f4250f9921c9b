import { ProgressBar } from 'react-aria-components/ProgressBar';
import './progress.css';

interface ProgressProps {
  /** What progresses, read out. */
  readonly label: string;
  /** 0 to 1; undefined where nobody knows. */
  readonly value: number | undefined;
}

export function Progress({ label, value }: ProgressProps) {
  return (
    <ProgressBar
      className="progress"
      aria-label={label}
      value={(value ?? 0) * 100}
      isIndeterminate={value === undefined}
    >
      {({ percentage }) => (
        <div
          className={percentage === undefined ? 'progress-fill unknown' : 'progress-fill'}
          style={percentage === undefined ? undefined : { width: `${String(percentage)}%` }}
        />
      )}
    </ProgressBar>
  );
}
