import { printAddress, type ListenAddress } from './listen-address.ts';
import { settings, type ConfigKey } from './settings.ts';

/** `httpsListen` → `--https-listen`. */
export const flagName = (key: ConfigKey): string => `--${words(key).join('-')}`;

/** `httpsListen` → `COFFER_HTTPS_LISTEN`. */
export const environmentName = (key: ConfigKey): string => `COFFER_${words(key).join('_').toUpperCase()}`;

function words(key: string): readonly string[] {
  return key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}

/** The default of a setting in words, for help and documents. */
export function defaultInWords(key: ConfigKey): string {
  const { default: inWords, schema } = settings[key];
  return inWords ?? valueInWords(schema.parse(undefined));
}

function valueInWords(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (value === false) return 'off';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : printAddress(value as ListenAddress);
}
