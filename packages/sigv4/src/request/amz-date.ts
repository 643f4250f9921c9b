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

/** Milliseconds since the epoch of a `YYYYMMDDTHHMMSSZ` that exists, or undefined. */
export function parseAmzDate(text: string): number | undefined {
  return basicForm.test(text) ? instantOf(text.replace(basicForm, '$1-$2-$3T$4:$5:$6Z')) : undefined;
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
    const monthNumber = String(months.indexOf(name) + 1).padStart(2, '0');
    return instantOf(`${year.padStart(4, '20')}-${monthNumber}-${day.replace(' ', '0')}T${clock}Z`);
  }
  return undefined;
}

/** Only what reads the same when it is written again exists: not 30 February, not 24:00. */
function instantOf(text: string): number | undefined {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && formatServerTime(ms) === text ? ms : undefined;
}
