const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/** A time in milliseconds since the epoch, in the reader's time zone: `30 Nov 2026, 09:12`. */
export function formatTime(timestamp: number): string {
  return moment.format(timestamp);
}

/** The same with seconds and time zone. */
export function formatExactTime(timestamp: number): string {
  return exact.format(timestamp);
}

/** A duration in seconds, in its two largest units: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 days 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes, rest] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const parts = [
    days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : '',
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    rest > 0 ? `${rest} s` : '',
  ];
  const first = parts.findIndex((part) => part !== '');
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter((part) => part !== '')
    .join(' ');
}
