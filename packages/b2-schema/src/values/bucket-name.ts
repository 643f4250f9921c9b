const shape = /^[A-Za-z0-9.-]{6,63}$/;
const ipAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * What is wrong with a bucket name, or undefined (B2 docs "Buckets", "Bucket Names"): 6 to 63 letters, digits, `-` and
 * `.`; no `.` at an end or doubled; not beginning with `b2-`; no IPv4 address. Names are unique without regard to case.
 */
export function bucketNameProblem(name: string): string | undefined {
  if (!shape.test(name)) return 'Bucket names must be 6 to 63 letters, digits, hyphens or dots';
  if (name.toLowerCase().startsWith('b2-')) return "Bucket names must not start with 'b2-'";
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    return 'Bucket names must not have a dot at an end, nor two in a row';
  }
  return ipAddress.test(name) ? 'Bucket names must not be IP addresses' : undefined;
}
