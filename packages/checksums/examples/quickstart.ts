import assert from 'node:assert/strict';
import { checksumOf, CombinedCrc, createChecksum } from '@coffer/checksums';

// Of data in pieces.
const checksum = await createChecksum('CRC64NVME');
for (const piece of ['hel', 'lo']) checksum.update(new TextEncoder().encode(piece));
assert.equal(Buffer.from(checksum.digest()).toString('base64'), 'M3eFcAZSQlc=');

// Of a whole, from the CRCs of its parts alone.
const parts = ['hel', 'lo'].map((text) => new TextEncoder().encode(text));
const whole = new CombinedCrc('CRC64NVME');
for (const part of parts) whole.add(await checksumOf('CRC64NVME', part), part.length);
assert.equal(Buffer.from(whole.digest()).toString('base64'), 'M3eFcAZSQlc=');
