import { printXml, type XmlElement } from '@coffer/xml';
import { describe, expect, it } from 'vitest';
import { S3Error } from '../values/s3-error.ts';
import { objectHeaders, writtenHeaders } from './answer-headers.ts';
import { deleteResultXml } from './delete-result.ts';
import { listBucketsXml } from './list-buckets.ts';
import { listObjectsV2Xml, listObjectsXml } from './list-objects.ts';
import { listPartsXml, listUploadsXml } from './list-uploads.ts';
import { listVersionsXml } from './list-versions.ts';
import { objectAttributesXml } from './object-attributes.ts';
import { errorXml } from './print-error.ts';
import { completeUploadXml, copyObjectXml, copyPartXml, initiateUploadXml, postObjectXml } from './uploaded.ts';

const owner = { id: '0123456789ab' };
const time = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const ownerText = '<Owner><ID>0123456789ab</ID><DisplayName></DisplayName></Owner>';
const date = '2026-01-02T03:04:05.678Z';

/** The document without its first line. */
function printed(root: XmlElement): string {
  const [declaration, ...rest] = printXml(root).split('\n');
  expect(declaration).toBe('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>');
  return rest.join('\n');
}

describe('lists', () => {
  it('ListAllMyBucketsResult', () => {
    const buckets = [{ name: 'bucket', created: time, region: 'us-west-004' }];
    expect(printed(listBucketsXml({ owner, buckets, prefix: 'b', nextToken: 't' }))).toBe(
      `<ListAllMyBucketsResult${namespace}>${ownerText}<Buckets><Bucket><Name>bucket</Name><CreationDate>${date}</CreationDate><BucketRegion>us-west-004</BucketRegion></Bucket></Buckets><ContinuationToken>t</ContinuationToken><Prefix>b</Prefix></ListAllMyBucketsResult>`,
    );
    expect(printed(listBucketsXml({ owner, buckets: [] }))).toBe(
      `<ListAllMyBucketsResult${namespace}>${ownerText}<Buckets></Buckets></ListAllMyBucketsResult>`,
    );
  });

  const object = { key: 'a &+', lastModified: time, etag: 'ee', size: 7, owner };

  it('ListBucketResult', () => {
    const page = { bucket: 'bucket', prefix: '', isTruncated: false, commonPrefixes: ['p/'], maxKeys: 1000 };
    expect(printed(listObjectsXml({ ...page, marker: '', objects: [object] }))).toBe(
      `<ListBucketResult${namespace}><Name>bucket</Name><Prefix></Prefix><Marker></Marker><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>a &amp;+</Key><LastModified>${date}</LastModified><ETag>&quot;ee&quot;</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass>${ownerText}</Contents><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>`,
    );
  });

  it('ListBucketResult with encoded keys', () => {
    const page = {
      bucket: 'bucket',
      prefix: 'a b',
      delimiter: '|',
      encoding: 'url',
      isTruncated: true,
      maxKeys: 2,
      marker: 'ü',
      nextMarker: '\u0001',
      objects: [object],
      commonPrefixes: ['p|'],
    } as const;
    const text = printed(listObjectsXml(page));
    for (const part of [
      '<Prefix>a%20b</Prefix><Marker>%C3%BC</Marker><NextMarker>%01</NextMarker><MaxKeys>2</MaxKeys>',
      '<Delimiter>%7C</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>',
      '<Key>a%20%26%2B</Key>',
      '<CommonPrefixes><Prefix>p%7C</Prefix></CommonPrefixes>',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('ListBucketResult of the second form', () => {
    const { owner: _, ...withoutOwner } = object;
    const page = { bucket: 'bucket', prefix: 'a', isTruncated: true, commonPrefixes: ['p/'], maxKeys: 2 };
    const tokens = { continuationToken: 'x', nextContinuationToken: 'y' };
    const checksum = { checksumAlgorithm: 'CRC32', checksumType: 'FULL_OBJECT' } as const;
    expect(printed(listObjectsV2Xml({ ...page, ...tokens, objects: [{ ...withoutOwner, ...checksum }] }))).toBe(
      `<ListBucketResult${namespace}><Name>bucket</Name><Prefix>a</Prefix><ContinuationToken>x</ContinuationToken><NextContinuationToken>y</NextContinuationToken><KeyCount>2</KeyCount><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>a &amp;+</Key><LastModified>${date}</LastModified><ETag>&quot;ee&quot;</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType></Contents><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>`,
    );
    expect(printed(listObjectsV2Xml({ ...page, startAfter: 's', objects: [] }))).toContain(
      '<StartAfter>s</StartAfter>',
    );
  });

  it('ListVersionsResult keeps versions and hide markers in their order', () => {
    const version = { key: 'k', versionId: 'v2', isLatest: false, lastModified: time, owner };
    const versions = [
      { ...version, versionId: 'v3', isLatest: true, content: undefined },
      { ...version, content: { etag: 'ee', size: 7 } },
    ];
    const page = { bucket: 'bucket', prefix: '', isTruncated: true, commonPrefixes: [], maxKeys: 2, versions };
    const markers = { keyMarker: 'a', versionIdMarker: '', nextKeyMarker: 'k', nextVersionIdMarker: 'v2' };
    expect(printed(listVersionsXml({ ...page, ...markers }))).toBe(
      `<ListVersionsResult${namespace}><Name>bucket</Name><Prefix></Prefix><KeyMarker>a</KeyMarker><VersionIdMarker></VersionIdMarker><NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><DeleteMarker><Key>k</Key><VersionId>v3</VersionId><IsLatest>true</IsLatest><LastModified>${date}</LastModified>${ownerText}</DeleteMarker><Version><Key>k</Key><VersionId>v2</VersionId><IsLatest>false</IsLatest><LastModified>${date}</LastModified><ETag>&quot;ee&quot;</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass>${ownerText}</Version></ListVersionsResult>`,
    );
  });

  const initiator = ownerText.replaceAll('Owner', 'Initiator');

  it('ListMultipartUploadsResult', () => {
    const uploads = [
      { key: 'k', uploadId: 'u', owner, initiated: time, checksum: { algorithm: 'SHA1', type: 'COMPOSITE' } } as const,
    ];
    const page = { bucket: 'bucket', prefix: '', isTruncated: false, commonPrefixes: [], maxUploads: 5, uploads };
    const markers = { keyMarker: '', uploadIdMarker: '', nextKeyMarker: 'k', nextUploadIdMarker: 'u' };
    expect(printed(listUploadsXml({ ...page, ...markers }))).toBe(
      `<ListMultipartUploadsResult${namespace}><Bucket>bucket</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker><NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker><Prefix></Prefix><MaxUploads>5</MaxUploads><IsTruncated>false</IsTruncated><Upload><Key>k</Key><UploadId>u</UploadId>${initiator}${ownerText}<StorageClass>STANDARD</StorageClass><Initiated>${date}</Initiated><ChecksumAlgorithm>SHA1</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType></Upload></ListMultipartUploadsResult>`,
    );
  });

  it('ListPartsResult', () => {
    const page = {
      bucket: 'bucket',
      key: 'k',
      uploadId: 'u',
      owner,
      partNumberMarker: 0,
      nextPartNumberMarker: 2,
      maxParts: 1,
      isTruncated: true,
      parts: [
        {
          partNumber: 2,
          lastModified: time,
          etag: 'ee',
          size: 7,
          checksum: { algorithm: 'CRC32', value: 'NhCmhg==' } as const,
        },
      ],
    };
    expect(printed(listPartsXml(page))).toBe(
      `<ListPartsResult${namespace}><Bucket>bucket</Bucket><Key>k</Key><UploadId>u</UploadId>${initiator}${ownerText}<StorageClass>STANDARD</StorageClass><PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>2</NextPartNumberMarker><MaxParts>1</MaxParts><IsTruncated>true</IsTruncated><Part><PartNumber>2</PartNumber><LastModified>${date}</LastModified><ETag>&quot;ee&quot;</ETag><Size>7</Size><ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part></ListPartsResult>`,
    );
    const last = printed(listPartsXml({ ...page, isTruncated: false }));
    expect(last).toContain('<PartNumberMarker>0</PartNumberMarker><MaxParts>1</MaxParts>');
    expect(last).not.toContain('NextPartNumberMarker');
  });
});

describe('results', () => {
  it('of multipart uploads', () => {
    expect(printed(initiateUploadXml({ bucket: 'bucket', key: 'a<b', uploadId: 'u' }))).toBe(
      `<InitiateMultipartUploadResult${namespace}><Bucket>bucket</Bucket><Key>a&lt;b</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>`,
    );
    const checksum = { algorithm: 'SHA1', value: 'Px8/ne1+IDofwS6M8PXOhL4PeBQ=', parts: 2 } as const;
    const location = 'https://s3.example/bucket/k';
    expect(
      printed(
        completeUploadXml({ location, bucket: 'bucket', key: 'k', etag: 'e-2', checksum, checksumType: 'COMPOSITE' }),
      ),
    ).toBe(
      `<CompleteMultipartUploadResult${namespace}><Location>${location}</Location><Bucket>bucket</Bucket><Key>k</Key><ETag>&quot;e-2&quot;</ETag><ChecksumSHA1>Px8/ne1+IDofwS6M8PXOhL4PeBQ=-2</ChecksumSHA1><ChecksumType>COMPOSITE</ChecksumType></CompleteMultipartUploadResult>`,
    );
  });

  it('of copies', () => {
    const result = { etag: 'ee', lastModified: time };
    expect(printed(copyObjectXml(result))).toBe(
      `<CopyObjectResult${namespace}><ETag>&quot;ee&quot;</ETag><LastModified>${date}</LastModified></CopyObjectResult>`,
    );
    expect(printed(copyPartXml({ ...result, checksum: { algorithm: 'CRC32', value: 'NhCmhg==' } }))).toBe(
      `<CopyPartResult${namespace}><ETag>&quot;ee&quot;</ETag><LastModified>${date}</LastModified><ChecksumCRC32>NhCmhg==</ChecksumCRC32></CopyPartResult>`,
    );
  });

  it('of forms', () => {
    expect(printed(postObjectXml({ location: 'l', bucket: 'bucket', key: 'k', etag: 'ee' }))).toBe(
      '<PostResponse><Location>l</Location><Bucket>bucket</Bucket><Key>k</Key><ETag>&quot;ee&quot;</ETag></PostResponse>',
    );
  });

  it('of deletions', () => {
    const error = new S3Error('AccessDenied');
    const outcomes = [
      { kind: 'hidden', key: 'a', markerId: 'm' },
      { kind: 'version', key: 'b', versionId: 'v' },
      { kind: 'marker', key: 'c', versionId: 'w' },
      { kind: 'failed', key: 'd', versionId: 'x', error },
    ] as const;
    const failed =
      '<Error><Key>d</Key><VersionId>x</VersionId><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    expect(printed(deleteResultXml(outcomes, false))).toBe(
      `<DeleteResult${namespace}><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>m</DeleteMarkerVersionId></Deleted><Deleted><Key>b</Key><VersionId>v</VersionId></Deleted><Deleted><Key>c</Key><VersionId>w</VersionId><DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>w</DeleteMarkerVersionId></Deleted>${failed}</DeleteResult>`,
    );
    expect(printed(deleteResultXml(outcomes, true))).toBe(`<DeleteResult${namespace}>${failed}</DeleteResult>`);
  });

  it('of attributes', () => {
    const checksum = { algorithm: 'CRC32', value: 'NhCmhg==' } as const;
    const objectParts = {
      count: 1,
      partNumberMarker: 0,
      nextPartNumberMarker: 1,
      maxParts: 1000,
      isTruncated: false,
      parts: [{ partNumber: 1, size: 5, checksum }],
    };
    const all = { etag: 'e-1', checksum, checksumType: 'FULL_OBJECT', objectParts, hasStorageClass: true } as const;
    expect(printed(objectAttributesXml({ ...all, objectSize: 5 }))).toBe(
      `<GetObjectAttributesResponse${namespace}><ETag>e-1</ETag><Checksum><ChecksumCRC32>NhCmhg==</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType></Checksum><ObjectParts><PartsCount>1</PartsCount><PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>1</NextPartNumberMarker><MaxParts>1000</MaxParts><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><Size>5</Size><ChecksumCRC32>NhCmhg==</ChecksumCRC32></Part></ObjectParts><StorageClass>STANDARD</StorageClass><ObjectSize>5</ObjectSize></GetObjectAttributesResponse>`,
    );
    expect(printed(objectAttributesXml({}))).toBe(
      `<GetObjectAttributesResponse${namespace}></GetObjectAttributesResponse>`,
    );
  });
});

describe('errors', () => {
  const context = { resource: '/bucket/a<b', requestId: '0123456789abcdef', hostId: 'aGVsbG8=' };
  const tail =
    '<Resource>/bucket/a&lt;b</Resource><RequestId>0123456789abcdef</RequestId><HostId>aGVsbG8=</HostId></Error>';

  it('say their code, message and details', () => {
    const error = new S3Error('NoSuchVersion', { details: { VersionId: 'v', Key: 'a\u0000b' } });
    expect(printed(errorXml(error, context))).toBe(
      `<Error><Code>NoSuchVersion</Code><Message>The specified version does not exist.</Message><Key>a\ufffdb</Key><VersionId>v</VersionId>${tail}`,
    );
  });

  it('never say what is no detail of their code', () => {
    const error = new S3Error('AccessDenied', { message: 'no', details: { ArgumentValue: 'x', StringToSign: 'y' } });
    expect(printed(errorXml(error, context))).toBe(`<Error><Code>AccessDenied</Code><Message>no</Message>${tail}`);
  });
});

describe('headers of answers', () => {
  it('to a write', () => {
    const encryption = { mode: 'SSE-C', customerKeyMd5: 'DWygnHRtgiJ77HCm+1rvHw==' } as const;
    const checksum = { algorithm: 'CRC32', value: 'NhCmhg==' } as const;
    const view = { etag: 'ee', versionId: 'v', encryption, checksum, checksumType: 'FULL_OBJECT' } as const;
    expect(writtenHeaders({ ...view, sourceVersionId: 's' })).toEqual([
      ['ETag', '"ee"'],
      ['x-amz-version-id', 'v'],
      ['x-amz-copy-source-version-id', 's'],
      ['x-amz-server-side-encryption-customer-algorithm', 'AES256'],
      ['x-amz-server-side-encryption-customer-key-MD5', 'DWygnHRtgiJ77HCm+1rvHw=='],
      ['x-amz-checksum-crc32', 'NhCmhg=='],
      ['x-amz-checksum-type', 'FULL_OBJECT'],
    ]);
    expect(writtenHeaders({ etag: 'ee', encryption: { mode: 'SSE-B2' } })).toEqual([
      ['ETag', '"ee"'],
      ['x-amz-server-side-encryption', 'AES256'],
    ]);
  });

  const view = {
    etag: 'ee',
    versionId: 'v',
    lastModified: time,
    contentType: 'text/plain',
    fileInfo: { a: 'ü', 'b2-cache-control': 'no-cache', large_file_sha1: 'da39' },
    encryption: { mode: 'none' },
  } as const;

  it('to a read', () => {
    expect(objectHeaders(view)).toEqual([
      ['Accept-Ranges', 'bytes'],
      ['ETag', '"ee"'],
      ['Last-Modified', 'Fri, 02 Jan 2026 03:04:05 GMT'],
      ['x-amz-version-id', 'v'],
      ['Content-Type', 'text/plain'],
      ['x-amz-meta-a', '=?UTF-8?Q?=C3=BC?='],
      ['Cache-Control', 'no-cache'],
      ['x-amz-meta-large_file_sha1', 'da39'],
    ]);
  });

  it('to a read with all that there can be', () => {
    const retention = { mode: 'governance', retainUntilTimestamp: time } as const;
    const overrides = { 'Content-Type': 'a/b', 'Cache-Control': 'x', Expires: '0' };
    const headers = objectHeaders({ ...view, partsCount: 3, retention, legalHold: 'on', overrides });
    expect(headers.slice(4)).toEqual([
      ['x-amz-meta-a', '=?UTF-8?Q?=C3=BC?='],
      ['x-amz-meta-large_file_sha1', 'da39'],
      ['Content-Type', 'a/b'],
      ['Cache-Control', 'x'],
      ['Expires', '0'],
      ['x-amz-mp-parts-count', '3'],
      ['x-amz-object-lock-mode', 'GOVERNANCE'],
      ['x-amz-object-lock-retain-until-date', date],
      ['x-amz-object-lock-legal-hold', 'ON'],
    ]);
  });
});
