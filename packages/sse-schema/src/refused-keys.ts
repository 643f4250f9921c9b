interface Wipeable {
  wipe(): void;
}

/**
 * What the parse under way has made; undefined outside of one. Parsing is not asynchronous, so there is one at a time.
 */
let made: Wipeable[] | undefined;

/** Notes a key that was read from a request. */
export function noteKey(key: Wipeable): void {
  made?.push(key);
}

/**
 * Runs a parse and wipes the customer keys that it made unless it accepts: of a request that is refused for another
 * field nobody else has them. `parse` must not be asynchronous.
 */
export function wipingRefusedKeys<Result extends { readonly ok: boolean }>(parse: () => Result): Result {
  const outer = made;
  const mine: Wipeable[] = [];
  made = mine;
  let accepted = false;
  try {
    const result = parse();
    accepted = result.ok;
    return result;
  } finally {
    made = outer;
    if (!accepted) for (const key of mine) key.wipe();
  }
}
