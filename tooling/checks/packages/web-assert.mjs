// What the examples use of `node:assert/strict`, for runtimes that are not Node.
export default function assert(value, message = 'not true') {
  if (!value) throw new Error(message);
}

Object.assign(assert, {
  ok: assert,
  equal: (actual, expected) => assert(Object.is(actual, expected), `${show(actual)} is not ${show(expected)}`),
  deepEqual: (actual, expected) => assert(same(actual, expected), `${show(actual)} is not ${show(expected)}`),
  throws: (run, expected) => {
    try {
      run();
    } catch (error) {
      return assertIs(error, expected);
    }
    throw new Error('nothing was thrown');
  },
  rejects: async (promise, expected) => {
    try {
      await (typeof promise === 'function' ? promise() : promise);
    } catch (error) {
      return assertIs(error, expected);
    }
    throw new Error('nothing was thrown');
  },
});

/** `expected` is a class, a predicate, a pattern for the message, or properties. */
function assertIs(error, expected) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) return assert(expected.test(String(error)), `${String(error)} is not ${expected}`);
  if (typeof expected === 'function') {
    const isClass = expected.prototype instanceof Error || expected === Error;
    return assert(isClass ? error instanceof expected : expected(error), `${String(error)} is another error`);
  }
  for (const [key, value] of Object.entries(expected)) assert(same(error[key], value), `${key} is ${show(error[key])}`);
}

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

function show(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
