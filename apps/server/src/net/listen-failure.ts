import type { ConfigKey } from '../config/settings.ts';
import { printAddress, type ListenAddress } from '../config/listen-address.ts';
import { environmentName, flagName } from '../config/setting-names.ts';
import { StartupError, systemErrorCode, systemReason } from '../startup-error.ts';

/** The settings that say where a listener listens. */
export type ListenKey = Extract<ConfigKey, 'listen' | 'httpsListen' | 's3Listen' | 'adminListen' | 'consoleListen'>;

/** Ports below this one are kept by the system, unless it is set up otherwise. */
const firstFreePort = 1_024;

/** Why an address cannot be listened on, and what to do next: a StartupError `network`. */
export function listenFailure(key: ListenKey, address: ListenAddress, cause: unknown): StartupError {
  return new StartupError('network', `${reasonOf(address, cause)} ${adviceOf(key, address, cause)}`, { cause });
}

/** Two listeners of one server cannot have the same port. */
export function samePort(key: ListenKey, other: ListenKey, address: ListenAddress): StartupError {
  return new StartupError(
    'network',
    `${flagName(other)} and ${flagName(key)} both name ${printAddress(address)}: each needs a port of its own. ` +
      chooseBy(key),
  );
}

function reasonOf(address: ListenAddress, cause: unknown): string {
  const where = printAddress(address);
  switch (systemErrorCode(cause)) {
    case 'EADDRINUSE':
      return `The server cannot listen at ${where}: another program listens there already.`;
    case 'EADDRNOTAVAIL':
      return `The server cannot listen at ${where}: this machine has no such address.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The server cannot listen at ${where}: the host name ${address.host} is not known here.`;
    case 'EACCES':
      return address.port < firstFreePort
        ? `The server cannot listen at ${where}: ports below ${firstFreePort} are for the system's own services, ` +
            'and this user may not use them.'
        : `The server cannot listen at ${where}: this user is not permitted to.`;
    default:
      return `The server cannot listen at ${where}: ${systemReason(cause)}.`;
  }
}

function adviceOf(key: ListenKey, { port }: ListenAddress, cause: unknown): string {
  switch (systemErrorCode(cause)) {
    case 'EADDRINUSE':
      return (
        `Stop that program, or choose another port with ${flagName(key)} HOST:PORT ` +
        `(${environmentName(key)}); port 0 takes a free one.`
      );
    case 'EACCES':
      if (port >= firstFreePort) return chooseBy(key);
      return (
        `Choose a higher port with ${flagName(key)} HOST:PORT (${environmentName(key)}), such as ` +
        `${port + 8_000}, and let a proxy or the firewall lead there; or permit it with: setcap ` +
        `cap_net_bind_service=+ep ${process.execPath}`
      );
    default:
      return chooseBy(key);
  }
}

function chooseBy(key: ListenKey): string {
  return (
    `Choose an address of this machine with ${flagName(key)} HOST:PORT (${environmentName(key)}): 127.0.0.1 ` +
    'for clients on this machine only, 0.0.0.0 for all of its networks.'
  );
}
