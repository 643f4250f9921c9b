/** The parts of an origin (RFC 6454). The default port of the scheme is an empty text. */
interface Origin {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
}

const schemeOnly = /^https?$/i;
// Browsers send hosts in ASCII (RFC 6454 section 6.2), so nothing else can match, and nothing else is ever sent back.
const origin = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<host>\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::(?<port>\d{1,5}))?$/i;
const pattern = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<host>\[[0-9a-f:.*]+\]|[a-z0-9._~*-]+)(?::(?<port>[\d*]+))?$/i;
const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Whether an entry of `allowedOrigins` covers the origin of a request (B2 docs "Cross-Origin Resource Sharing Rules"):
 *
 * - `*` is any origin, also the opaque `null`.
 * - `https` or `http` is any origin of that scheme, at any port.
 * - `https://host[:port]` is that origin; without a port, the scheme's own. One `*` stands for one or more characters
 *   of the host, or for any port. So `https://*` is narrower than `https`.
 *
 * Scheme and host are compared without regard to case.
 */
export function originMatches(entry: string, requested: string): boolean {
  return someOriginMatches([entry], requested);
}

/** Whether any of the entries covers the origin: see {@link originMatches}. */
export function someOriginMatches(entries: readonly string[], requested: string): boolean {
  if (entries.includes('*')) return true;
  const asked = parse(origin, requested);
  return asked !== undefined && allowedIn(entries).some((allowed) => covers(allowed, asked));
}

/** An entry that is a scheme only has no host. */
type AllowedOrigin = Origin | Pick<Origin, 'scheme'>;

/**
 * Cached by the list's object, since a bucket's rules stay the same objects until they change, and a rule may have
 * hundreds of entries.
 */
const parsed = new WeakMap<readonly string[], readonly AllowedOrigin[]>();

function allowedIn(entries: readonly string[]): readonly AllowedOrigin[] {
  const known = parsed.get(entries);
  if (known !== undefined) return known;
  const allowed = entries.flatMap((entry): AllowedOrigin[] => {
    if (schemeOnly.test(entry)) return [{ scheme: entry.toLowerCase() }];
    const wanted = parse(pattern, entry);
    return wanted === undefined ? [] : [wanted];
  });
  parsed.set(entries, allowed);
  return allowed;
}

function covers(allowed: AllowedOrigin, asked: Origin): boolean {
  if (allowed.scheme !== asked.scheme) return false;
  if (!('host' in allowed)) return true;
  if (!wildcardMatches(allowed.host, asked.host)) return false;
  return allowed.port === '*' || wildcardMatches(allowed.port, asked.port);
}

/** The parts of the text, or undefined for a text that matches nothing. */
function parse(shape: RegExp, text: string): Origin | undefined {
  const found = shape.exec(text)?.groups;
  if (found === undefined) return undefined;
  const scheme = (found['scheme'] ?? '').toLowerCase();
  const port = found['port'] ?? '';
  return { scheme, host: (found['host'] ?? '').toLowerCase(), port: port === defaultPorts[scheme] ? '' : port };
}

function wildcardMatches(allowed: string, asked: string): boolean {
  const star = allowed.indexOf('*');
  if (star === -1) return allowed === asked;
  const [before, after] = [allowed.slice(0, star), allowed.slice(star + 1)];
  return asked.length > before.length + after.length && asked.startsWith(before) && asked.endsWith(after);
}
