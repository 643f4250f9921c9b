import type { SecretBytes } from '@coffer/bytes';

/** Takes each secret at the moment it is made. It copies what it keeps. */
export interface SecretSink {
  secret(bytes: Uint8Array, origin: () => string): void;
}

/**
 * The class whose secrets are watched; the one that the watched code itself uses, since two copies of a module have
 * two.
 */
type SecretBytesClass = typeof SecretBytes;

/**
 * From now on every secret that comes into being in this process is registered. All of them, also texts, are made by
 * the two factories that are replaced here, so the class needs no hook, which would be in production code and could be
 * misused.
 */
export function watchSecrets(watched: SecretBytesClass, sink: SecretSink): void {
  const copyOf = watched.copyOf.bind(watched);
  const random = watched.random.bind(watched);
  const register = (secret: SecretBytes): SecretBytes => {
    secret.expose((bytes) => {
      sink.secret(bytes, () => originOf(new Error().stack ?? ''));
    });
    return secret;
  };
  watched.copyOf = (bytes) => register(copyOf(bytes));
  watched.random = (length) => register(random(length));
}

/**
 * The functions that made it, from the inside out, and the file of the first; without the classes of secrets and this
 * file.
 */
function originOf(stack: string): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const inner = /watch-secrets|collector|secret-file|secret-bytes|secret-string/;
  const outer = frames.filter((line) => !inner.test(line)).slice(0, 4);
  const names = outer.map((line) => /at (?:async )?(?:new )?([\w$.<>#]+) \(/.exec(line)?.[1] ?? 'a function');
  const place = /(?:packages|apps|tooling)\/[^\s:)?]+/.exec(outer[0] ?? '')?.[0] ?? 'an unknown place';
  return `${names.join(' < ')} (${place})`;
}
