const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const month = `(?<month>${months.join('|')})`;
const time = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';
const dayName = `(?<weekday>${weekdays.map((name) => name.slice(0, 3)).join('|')})`;

const forms = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${dayName}, (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^(?<weekday>${weekdays.join('|')}), (?<day>\\d{2})-${month}-(?<year>\\d{2}) ${time} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(`^${dayName} ${month} (?<day>\\d{2}| \\d) ${time} (?<year>\\d{4})$`),
];

/**
 * Reads any of the three forms of an HTTP date (RFC 9110 section 5.6.7) strictly: the day must exist and fall on the
 * weekday named. Leap seconds are refused.
 *
 * @param now Milliseconds since the epoch, for the century of a two-digit year: a date that would be more than 50 years
 * ahead is in the past.
 * @returns Milliseconds since the epoch, or undefined if the text is no HTTP date.
 */
export function parseHttpDate(text: string, now: number = Date.now()): number | undefined {
  for (const form of forms) {
    const fields = form.exec(text)?.groups;
    if (fields !== undefined) return instantOf(fields, now);
  }
  return undefined;
}

function instantOf(fields: Readonly<Record<string, string | undefined>>, now: number): number | undefined {
  const [day, hour, minute, second] = [fields['day'], fields['hour'], fields['minute'], fields['second']].map(Number);
  const monthIndex = months.indexOf(fields['month'] ?? '');
  const yearText = fields['year'] ?? '';
  const at = (year: number) => utc(year, monthIndex, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
  const instant = yearText.length === 4 ? at(Number(yearText)) : inNearestCentury(Number(yearText), now, at);
  const weekday = instant === undefined ? undefined : weekdays[new Date(instant).getUTCDay()];
  return weekday?.startsWith(fields['weekday'] ?? '?') === true ? instant : undefined;
}

/**
 * The instant, or undefined where a field does not exist, such as 30 February. `Date.UTC` would misread the years below
 * 100.
 */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second);
  return date.getUTCDate() === day && date.getUTCMonth() === month ? date.getTime() : undefined;
}

function inNearestCentury(twoDigits: number, now: number, at: (year: number) => number | undefined) {
  const horizon = new Date(now);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  const latest = Math.floor(horizon.getUTCFullYear() / 100) * 100 + twoDigits;
  // 29 February may not exist in the later year; then the earlier one is meant.
  const instant = at(latest);
  return instant !== undefined && instant <= horizon.getTime() ? instant : at(latest - 100);
}
