import type { SecretBytes } from '@coffer/bytes';
import type { Collector } from './collector.ts';

/** The class whose secrets are watched; the one that the watched code itself uses, since two copies of a module have two. */
type SecretBytesClass = typeof SecretBytes;

/**
 * From now on every secret that comes into being in this process is registered. All of them, also texts, are made by the two
 * factories that are replaced here, so the class needs no hook of its own that production code would carry and others could use.
 */
export function watchSecrets(watched: SecretBytesClass, collector: Collector): void {
  const { copyOf, random } = watched;
  const register = (secret: SecretBytes): SecretBytes => {
    secret.expose((bytes) => {
      collector.secret(bytes, () => originOf(new Error().stack ?? ''));
    });
    return secret;
  };
  watched.copyOf = (bytes) => register(copyOf.call(watched, bytes));
  watched.random = (length) => register(random.call(watched, length));
}

/** The first place outside the classes of secrets and this file. */
function originOf(stack: string): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  const inner = /watch-secrets|collector|secret-bytes|secret-string/;
  const frame = frames.find((line) => !inner.test(line)) ?? 'an unknown place';
  return frame.replace(/^ +at /, '').replace(/\(?(?:file:\/\/)?\/\S*\/(packages|apps|tooling)\//, '($1/');
}
