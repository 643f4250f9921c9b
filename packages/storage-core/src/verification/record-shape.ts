/**
 * What a stored value must look like to be of type `T`. `problem` says what is wrong with a value, beginning with the
 * field it is in, or undefined.
 */
export interface Shape<T> {
  problem(value: unknown): string | undefined;
  /** Only tells the compiler which type the shape is of. */
  readonly of?: T;
}

function shape<T>(what: string, accepts: (value: unknown) => boolean): Shape<T> {
  return { problem: (value) => (accepts(value) ? undefined : `is not ${what}`) };
}

export const text = shape<string>('a text', (value) => typeof value === 'string');
export const truth = shape<boolean>('true or false', (value) => typeof value === 'boolean');
export const bytes = shape<Uint8Array>('bytes', (value) => value instanceof Uint8Array);

/** A whole number from `least` on. */
export const whole = (least = 0): Shape<number> =>
  shape(`a whole number from ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

export const textLike = (pattern: RegExp, what: string): Shape<string> =>
  shape(what, (value) => typeof value === 'string' && pattern.test(value));

export const bytesOf = (length: number): Shape<Uint8Array> =>
  shape(`${length} bytes`, (value) => value instanceof Uint8Array && value.length === length);

export const oneOf = <const T extends string>(...choices: readonly T[]): Shape<T> =>
  shape(`one of ${choices.join(', ')}`, (value) => choices.some((choice) => choice === value));

export const nullable = <T>(inner: Shape<T>): Shape<T | null> => ({
  problem: (value) => (value === null ? undefined : inner.problem(value)),
});

export const optional = <T>(inner: Shape<T>): Shape<T | undefined> => ({
  problem: (value) => (value === undefined ? undefined : inner.problem(value)),
});

export const listOf = <T>(inner: Shape<T>): Shape<readonly T[]> => ({
  problem: (value) => {
    if (!Array.isArray(value)) return 'is not a list';
    for (const [index, entry] of value.entries()) {
      const problem = inner.problem(entry);
      if (problem !== undefined) return at(String(index), problem);
    }
    return undefined;
  },
});

/** An object with any names and values of one shape. */
export const mapOf = <T>(inner: Shape<T>): Shape<Readonly<Record<string, T>>> => ({
  problem: (value) => {
    if (!isObject(value)) return 'is not an object';
    for (const [name, entry] of Object.entries(value)) {
      const problem = inner.problem(entry);
      if (problem !== undefined) return at(name, problem);
    }
    return undefined;
  },
});

/** An object with exactly these fields. */
export function record<T extends object>(fields: { readonly [Field in keyof T]-?: Shape<T[Field]> }): Shape<T> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries(fields));
  return {
    problem: (value) => {
      if (!isObject(value)) return 'is not an object';
      const unknown = Object.keys(value).find((field) => !shapes.has(field));
      if (unknown !== undefined) return at(unknown, 'is unknown');
      for (const [field, inner] of shapes) {
        const problem = inner.problem(value[field]);
        if (problem !== undefined) return at(field, problem);
      }
      return undefined;
    },
  };
}

/** A value of either shape. */
export const either = <A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> => ({
  problem: (value) => (one.problem(value) === undefined ? undefined : other.problem(value)),
});

function at(field: string, problem: string): string {
  return problem.startsWith('is ') ? `${field} ${problem}` : `${field}.${problem}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
