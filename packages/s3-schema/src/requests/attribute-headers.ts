import type { HeaderList } from '@coffer/http';
import { s3Headers } from '../values/header-names.ts';
import { parseListCount, parseMarkerNumber } from '../values/integers.ts';
import { maxListCount } from '../values/limits.ts';
import { invalidArgument, invalidRequest } from '../values/s3-error.ts';
import { ownerHeaders } from './object-headers.ts';
import { fieldOr, readerOf, type Reader } from './wire-fields.ts';

/** What `GetObjectAttributes` can tell. */
export const objectAttributes = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;
/** One of them. */
export type ObjectAttribute = (typeof objectAttributes)[number];

function parseAttributes(text: string): ReadonlySet<ObjectAttribute> {
  const names = text.split(',').map((name) => name.trim());
  return new Set(
    names.map((name) => {
      const known = objectAttributes.find((attribute) => attribute === name);
      if (known === undefined) {
        throw invalidArgument(s3Headers.objectAttributes, 'Invalid attribute name specified.', name);
      }
      return known;
    }),
  );
}

const pageFields = readerOf({
  maxParts: fieldOr(s3Headers.maxParts, maxListCount, (text) => parseListCount('max-parts', text)),
  partNumberMarker: fieldOr(s3Headers.partNumberMarker, 0, (text) => parseMarkerNumber('part-number-marker', text)),
});

/** AWS docs `GetObjectAttributes`. */
export const attributeHeaders: Reader<
  ReturnType<typeof pageFields> &
    ReturnType<typeof ownerHeaders> & { readonly attributes: ReadonlySet<ObjectAttribute> },
  HeaderList
> = (headers) => {
  const text = headers.getAll(s3Headers.objectAttributes).join(',').trim();
  if (text === '') {
    throw invalidRequest(
      'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
    );
  }
  return { ...ownerHeaders(headers), ...pageFields(headers), attributes: parseAttributes(text) };
};
