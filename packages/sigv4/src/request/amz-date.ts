const basicForm = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const time = '(?<time>\\d{2}:\\d{2}:\\d{2})';
const dayName = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';

/** The three forms of an HTTP date (RFC 9110 section 5.6.7). */
const httpForms = [
  new RegExp(`^${dayName}, (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${month}-(?<year>\\d{2}) ${time} GMT$`),
  new RegExp(`^${dayName} ${month} (?<day>\\d{2}| \\d) ${time} (?<year>\\d{4})$`),
];

/** `YYYYMMDDTHHMMSSZ`, as in `x-amz-date`; fractions of a second are dropped. */
export function formatAmzDate(ms: number): string {
  return formatServerTime(ms).replaceAll(/[-:]/g, '');
}

/** `YYYY-MM-DDTHH:MM:SSZ`, as in the details of errors; fractions of a second are dropped. */
export function formatServerTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -5)}Z`;
}

/** Milliseconds since the epoch of a `YYYYMMDDTHHMMSSZ` that exists, from the year 100 on, or undefined. */
export function parseAmzDate(text: string): number | undefined {
  const [found, ...fields] = basicForm.exec(text) ?? [];
  return found === undefined ? undefined : instantOf(fields);
}

/**
 * Milliseconds since the epoch of an HTTP date that exists, or undefined. The weekday is not compared. A year of two
 * digits is of this century, as a date that is near enough to be accepted must be.
 */
export function parseHttpDate(text: string): number | undefined {
  for (const form of httpForms) {
    const fields = form.exec(text)?.groups;
    if (fields === undefined) continue;
    const { day = '', month: name = '', year = '', time: clock = '' } = fields;
    return instantOf([year.padStart(4, '20'), String(months.indexOf(name) + 1), day, ...clock.split(':')]);
  }
  return undefined;
}

/** From year, month, day, hour, minute and second. What does not exist, as 30 February and 24:00, reads as another. */
function instantOf(fields: readonly string[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return exists ? date.getTime() : undefined;
}
