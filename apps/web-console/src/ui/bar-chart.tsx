import './bar-chart.css';

interface BarChartProps {
  /** What is shown, read out together with the summary: "Requests per minute". */
  readonly label: string;
  /** One number per bar, from left to right. */
  readonly values: readonly number[];
  /** How many bars have room; if there are fewer values, they are at the right. */
  readonly slots: number;
  /** What the numbers tell, in words: "1,200 in the last hour, at most 40 in a minute". */
  readonly summary: string;
  readonly kind?: 'accent' | 'danger';
  /** What is written at the two ends of the axis. */
  readonly from: string;
  readonly to: string;
}

const height = 48;
const barWidth = 6;

/** A small chart of bars, whose highest is as high as the chart. What it shows is also told in words. */
export function BarChart({ label, values, slots, summary, kind = 'accent', from, to }: BarChartProps) {
  const most = Math.max(1, ...values);
  const first = Math.max(0, slots - values.length);
  return (
    <figure className={`bar-chart ${kind}`}>
      <figcaption>
        <strong>{label}</strong>
        <span className="soft small numbers">{summary}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${String(Math.max(slots, values.length) * barWidth)} ${String(height)}`}
        preserveAspectRatio="none"
        aria-hidden
      >
        {values.map((value, index) => {
          // A single one among thousands can be seen, too.
          const size = value === 0 ? 0 : Math.max(2, (value / most) * height);
          return (
            <rect key={index} x={(first + index) * barWidth} y={height - size} width={barWidth - 1} height={size} />
          );
        })}
      </svg>
      <div className="row spread soft small" aria-hidden>
        <span>{from}</span>
        <span>{to}</span>
      </div>
    </figure>
  );
}
