import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { sdkGenerations, walkWithSdk } from '../harness/sdk-generations.ts';
import { sha1 } from '../harness/test-file.ts';

const declare = (world: () => World): void => {
  describe.each(sdkGenerations)('b2sdk.%s', (generation) => {
    // A file for which nothing is asked gets the default of the bucket.
    test.each([
      { asked: 'none', stored: 'SSE-B2' },
      { asked: 'sseB2', stored: 'SSE-B2' },
      { asked: 'sseC1', stored: 'SSE-C' },
    ] as const)('a bucket is made, filled, read and removed, $asked', async ({ asked, stored }) => {
      const bucket = `interop-${randomBytes(6).toString('hex')}`;
      const [small, large] = [world().secretFile('small', 50_000), world().secretFile('large', 9_000_000)];
      const encryption = world().modes[asked];
      const seen = await walkWithSdk(world(), { generation, encryption, bucket, small, large });
      world().leaks.applicationKey(seen.keys.secret);
      const { transfers, removed, keys, buckets } = seen;
      expect(seen.bucket).toMatchObject({
        ...{ bucketName: bucket, bucketType: 'allPrivate', bucketInfo: { owner: 'interop' } },
        corsRules: [{ corsRuleName: 'interop', allowedOrigins: ['https://example.com'], maxAgeSeconds: 60 }],
        lifecycleRules: [{ fileNamePrefix: 'old/', daysFromUploadingToHiding: 7, daysFromHidingToDeleting: 1 }],
        defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
        ...{ isFileLockEnabled: true, defaultRetention: { mode: null } },
      });
      const contents = { small: sha1(small.content), smallById: sha1(small.content), copied: sha1(small.content) };
      expect(transfers).toMatchObject({ ...contents, large: sha1(large.content), modes: [stored, stored, stored] });
      expect(transfers.range).toBe(large.content.subarray(3_999_990, 4_000_010).toString('base64'));
      expect(keys).toMatchObject({ listed: ['below-dir'], seen: ['dir/small'], deleted: 'below-dir' });
      expect(keys.refused).toMatch(/unauthorized/i);
      expect(removed.visible).toEqual(['copied', 'dir/small']);
      expect(removed.versions.map(([name, action]) => `${name} ${action}`)).toEqual([
        'copied upload',
        'dir/small upload',
        'large hide',
        'large upload',
      ]);
      expect(removed.left).toBe(0);
      expect(buckets).not.toContain(bucket);
    });
  });
};

scenarios('interfaces of b2sdk', declare, [], httpOnly);
