import { readingsOf, type Span } from './readings.ts';
import { searched, SecretPattern } from './secret-pattern.ts';

/** What stands in place of a secret. */
export const redacted = '[redacted]';

/** Shorter values are no secrets, and stand in many words. */
const shortestSecret = 4;
/** An endpoint that tells more of them tries to make the search for them long. */
const mostSecrets = 200;

/** Takes known secrets out of texts. */
export class Redactor {
  /** Made when they are needed, which is for no case that passes. */
  readonly #patterns = new Map<string, SecretPattern | undefined>();
  #tooMany = false;

  /** Makes a secret known. Texts from before have to be redacted again. */
  learn(secret: string): void {
    if (secret.length < shortestSecret || this.#patterns.has(secret)) return;
    if (this.#patterns.size < mostSecrets) this.#patterns.set(secret, undefined);
    else this.#tooMany = true;
  }

  /** The text without the known secrets, in any of the ways of {@link SecretPattern}. */
  text(text: string): string {
    const bytes = Buffer.from(text).toString('latin1');
    return Buffer.from(this.bytes(bytes, bytes.length), 'latin1').toString();
  }

  /**
   * The same for a text whose characters are bytes, of which only the begin is wanted. A secret that begins there is
   * also noticed if it ends behind it.
   */
  bytes(text: string, wanted: number): string {
    if (this.#tooMany) return redacted;
    let [shown, at] = ['', 0];
    for (const { from, to } of this.#spans(text)) {
      if (from >= wanted) break;
      if (from >= at) shown += text.slice(at, from) + redacted;
      at = Math.max(at, to);
    }
    return shown + text.slice(at, wanted);
  }

  #spans(text: string): readonly Span[] {
    const prepared = searched(text, readingsOf(text));
    const spans = [...this.#patterns].flatMap(([secret, made]) => {
      const pattern = made ?? new SecretPattern(secret);
      this.#patterns.set(secret, pattern);
      return pattern.find(prepared);
    });
    return spans.sort((one, other) => one.from - other.from);
  }
}
