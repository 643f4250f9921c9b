import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { B2Error } from '../errors/b2-error.ts';
import { routeOf } from './route.ts';

const nothing = { query: undefined, uploadTarget: undefined, downloadPath: undefined };

describe('routeOf', () => {
  it.each([
    ['/b2api/v2/b2_list_buckets', { ...nothing, operation: 'b2_list_buckets', version: 'v2' }],
    ['/b2api/v4/b2_list_keys?a=b?c', { ...nothing, operation: 'b2_list_keys', version: 'v4', query: 'a=b?c' }],
    ['/b2api/v1/b2_upload_file/id/pod', { ...nothing, operation: 'b2_upload_file', version: 'v1', uploadTarget: 'id' }],
    ['http://host/b2api/v3/b2_hide_file', { ...nothing, operation: 'b2_hide_file', version: 'v3' }],
    [
      '/file/bucket/a/b%20c?x=1',
      {
        ...nothing,
        operation: 'b2_download_file_by_name',
        version: 'v4',
        query: 'x=1',
        downloadPath: 'bucket/a/b%20c',
      },
    ],
  ])('%s', (target, expected) => {
    expect(routeOf(target)).toEqual(expected);
  });

  test.prop([
    fc.oneof(
      fc.webPath(),
      fc.string(),
      fc.webPath().map((path) => `/b2api${path}`),
    ),
  ])('either finds an operation or says that there is none', (target) => {
    try {
      expect(routeOf(target).operation).toMatch(/^b2_/);
    } catch (error) {
      expect(error).toBeInstanceOf(B2Error);
      expect(error).toMatchObject({ code: 'not_found' });
    }
  });
});
