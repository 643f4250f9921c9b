const shape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/**
 * An instant in XML: UTC with exactly three digits of milliseconds, such as `2026-01-02T03:04:05.678Z`.
 *
 * @param ms Milliseconds since the epoch.
 * @throws RangeError outside of the years 0 to 9999, which the form cannot express.
 */
export function formatXmlDate(ms: number): string {
  const text = new Date(ms).toISOString();
  if (text.length !== 24) throw new RangeError('The instant cannot be expressed as a date of XML');
  return text;
}

/** Milliseconds since the epoch of a date in ISO 8601 with a zone, or undefined if the text is none. */
export function parseIsoDate(text: string): number | undefined {
  const fields = shape.exec(text);
  if (fields === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields
    .slice(1, 7)
    .map((x) => Number(x || 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) return undefined;
  date.setUTCHours(hour, minute, second, Number((fields[7] ?? '').slice(0, 3).padEnd(3, '0')));
  return date.getTime() - offsetOf(fields[8] ?? 'Z');
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
