import { SecretString } from '@coffer/bytes';
import * as z from 'zod';

/** A secret in values; there it cannot be printed by accident. */
export const secretText = z.custom<SecretString>((value) => value instanceof SecretString);

/** A secret in the JSON of a response: text on the wire, which a server writes; a client reads it as a secret. */
export const wireSecret = z.codec(z.string(), secretText, {
  decode: (text) => SecretString.of(text),
  encode: (secret) => secret.expose((text) => text),
});
