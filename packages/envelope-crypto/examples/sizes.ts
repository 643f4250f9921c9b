import assert from 'node:assert/strict';
import { ciphertextLength, ciphertextRange, plaintextLengthOf } from '@coffer/envelope-crypto/sizes';

// What a file of 100,000 bytes takes on the disk, and back: a header, and a tag for each chunk of 16 KiB.
const stored = ciphertextLength(100_000);
assert.equal(stored, 56 + 100_000 + 7 * 16);
assert.equal(plaintextLengthOf(stored), 100_000);

// The stored bytes that one has to fetch to read 1,000 bytes from the middle: the one chunk that they are in.
assert.deepEqual(ciphertextRange({ start: 50_000, length: 1_000 }, 100_000), { start: 49_256, length: 16_400 });

// Sizes that no sealed blob has are told apart.
assert.equal(plaintextLengthOf(56), undefined);
