import { xmlElement, type XmlElement } from '@coffer/xml';
import { ownerXml, type Owner } from '../settings/owner.ts';
import { dateXml, document, optional } from './elements.ts';

/** A page of an account's buckets. */
export interface ListBucketsResult {
  readonly owner: Owner;
  readonly buckets: readonly {
    readonly name: string;
    /** Milliseconds since the epoch. */
    readonly created: number;
    readonly region?: string;
  }[];
  readonly prefix?: string;
  readonly nextToken?: string;
}

/** `ListAllMyBucketsResult` (AWS docs `ListBuckets`). */
export function listBucketsXml({ owner, buckets, prefix, nextToken }: ListBucketsResult): XmlElement {
  const list = buckets.map(({ name, created, region }) =>
    xmlElement('Bucket', [
      xmlElement('Name', name),
      dateXml('CreationDate', created),
      ...optional('BucketRegion', region),
    ]),
  );
  return document('ListAllMyBucketsResult', [
    ownerXml(owner),
    xmlElement('Buckets', list),
    ...optional('ContinuationToken', nextToken),
    ...optional('Prefix', prefix),
  ]);
}
