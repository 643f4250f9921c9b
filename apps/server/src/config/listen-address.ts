import * as z from 'zod';

/** Where a listener listens. */
export interface ListenAddress {
  /** A host name or IP address, IPv6 without brackets. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** `host:port`, with an IPv6 address in brackets: `127.0.0.1:8920`, `[::1]:0`. */
export const listenAddress = z.string().transform((text, context): ListenAddress => {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && port <= 65_535) return { host, port };
  context.addIssue({ code: 'custom', message: 'must be host:port, such as 127.0.0.1:8920 or [::1]:8920' });
  return z.NEVER;
});

/** An address, or `off` for a listener that is not wanted. */
export const listenAddressOrOff = z.union([z.literal('off'), listenAddress], { error: 'must be host:port, or off' });

/** The address as it stands in a URL: IPv6 in brackets. */
export function printAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
