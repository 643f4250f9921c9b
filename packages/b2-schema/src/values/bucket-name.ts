const shape = /^[A-Za-z0-9.-]{6,63}$/;
const ipAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * What is wrong with the name of a bucket that a client wants to make, or undefined (B2 docs "Buckets", "Bucket
 * Names"): 6 to 63 letters, digits, `-` and `.`; no `.` at an end or doubled; not beginning with `b2-`; no IPv4
 * address. Names are unique without regard to case.
 */
export function bucketNameProblem(name: string): string | undefined {
  const problem = shapeProblem(name);
  if (problem !== undefined) return problem;
  return name.toLowerCase().startsWith('b2-') ? "Bucket names must not start with 'b2-'" : undefined;
}

/** Whether a bucket can have this name at all: names that begin with `b2-` are those of the server's own buckets. */
export function isPossibleBucketName(name: string): boolean {
  return shapeProblem(name) === undefined;
}

function shapeProblem(name: string): string | undefined {
  if (!shape.test(name)) return 'Bucket names must be 6 to 63 letters, digits, hyphens or dots';
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    return 'Bucket names must not have a dot at an end, nor two in a row';
  }
  return ipAddress.test(name) ? 'Bucket names must not be IP addresses' : undefined;
}
