import assert from 'node:assert/strict';
import type { KeyringPlace } from './keyring-place.ts';

/** One thing that every place of a keyring must do. */
export interface KeyringPlaceCheck {
  readonly name: string;
  /**
   * Rejects with an AssertionError unless an empty place does it; `open` opens it as another process would, each time
   * anew.
   */
  run(open: () => KeyringPlace): Promise<void>;
}

/** More bytes than a disk writes at once, with characters of several bytes. */
const longText = 'é\u{1f600}'.repeat(100_000);

/** The contract of the KeyringPlace port, for any test runner. */
export const keyringPlaceChecks: readonly KeyringPlaceCheck[] = [
  {
    name: 'is empty until a text is created, which every opened place then reads',
    async run(open) {
      assert.equal(await open().read(), undefined);
      assert.equal(await open().identity(), undefined);
      assert.equal(await open().create(longText), true);
      assert.equal(await open().read(), longText);
      assert.notEqual(await open().identity(), undefined);
      assert.notEqual(open().name, '');
    },
  },
  {
    name: 'creates once, whoever tries at the same time',
    async run(open) {
      const made = await Promise.all(['a', 'b', 'c', 'd'].map((text) => open().create(text)));
      assert.equal(made.filter((isMade) => isMade).length, 1);
      assert.equal(await open().read(), 'abcd'[made.indexOf(true)]);
      assert.equal(await open().create('e'), false);
      assert.equal(await open().read(), 'abcd'[made.indexOf(true)]);
    },
  },
  {
    name: 'loses no change of several who make some at the same time',
    async run(open) {
      await open().create('0');
      const change = async (): Promise<void> => {
        await open().change((text) => Promise.resolve(String(Number(text) + 1)));
      };
      await Promise.all(Array.from({ length: 12 }, change));
      assert.equal(await open().read(), '12');
    },
  },
  {
    name: 'has another identity after each change, and the same one without',
    async run(open) {
      await open().create('a');
      const seen = new Set([await open().identity()]);
      for (let round = 0; round < 5; round++) {
        await open().change(() => Promise.resolve('b'));
        seen.add(await open().identity());
      }
      assert.equal(seen.size, 6);
      assert.ok(seen.has(await open().identity()));
    },
  },
  {
    name: 'stays as it is where a change fails or makes nothing',
    async run(open) {
      const failure = new Error('no');
      await assert.rejects(
        open().change(() => Promise.reject(failure)),
        failure,
      );
      assert.equal(await open().read(), undefined);
      await open().create('a');
      const identity = await open().identity();
      await assert.rejects(
        open().change(() => Promise.reject(failure)),
        failure,
      );
      await open().change(() => Promise.resolve(undefined));
      assert.equal(await open().read(), 'a');
      assert.equal(await open().identity(), identity);
    },
  },
];
