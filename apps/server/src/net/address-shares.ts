import type { Socket } from 'node:net';
import { addressOwner, type AddressRanges } from './addresses.ts';

/** How many connections one address may have at once. */
export interface AddressShare {
  readonly most: number;
  /** Addresses that many clients come from: those of proxies. */
  readonly isExempt: AddressRanges;
  /** Called for each connection that exceeded the limit of its address. */
  readonly onRefused: (address: string) => void;
}

/**
 * Closes connections that exceed the limit of their address. The returned function has to be called for each new
 * connection.
 */
export function sharedAmongAddresses({ most, isExempt, onRefused }: AddressShare): (socket: Socket) => void {
  const counts = new Map<string, number>();
  return (socket) => {
    const address = socket.remoteAddress ?? '';
    if (isExempt(address)) return;
    const owner = addressOwner(address);
    const count = counts.get(owner) ?? 0;
    if (count >= most) {
      socket.destroy();
      onRefused(address);
      return;
    }
    counts.set(owner, count + 1);
    socket.once('close', () => {
      const left = (counts.get(owner) ?? 1) - 1;
      if (left === 0) counts.delete(owner);
      else counts.set(owner, left);
    });
  };
}
