import { HeaderList, type HeaderPair } from '@coffer/http';
import { checkObjectKey } from '../values/object-key.ts';
import { s3Headers } from '../values/header-names.ts';
import { invalidArgument, S3Error } from '../values/s3-error.ts';
import { fieldsByName, missingField, type FormField } from './form-fields.ts';

/** The fields of a browser's form before the file (AWS docs "POST Object"). */
export interface PostForm {
  readonly key: string;
  /** What the fields would be as headers of `PutObject`. */
  readonly headers: HeaderList;
  /** Status of an answer that does not redirect. */
  readonly successStatus: 200 | 201 | 204;
  /** Where the browser is sent afterwards. */
  readonly redirect: string | undefined;
}

const storedFields = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'content-md5',
];
const encoder = new TextEncoder();

/**
 * Reads the fields of a form; names are compared without regard to case. What proves that the form may be sent, the
 * policy and its signature, is not looked at.
 *
 * @param fileName The name of the file on the sender's machine, which stands for `${filename}` in every field.
 * @throws S3Error `InvalidArgument` for a missing, doubled or impossible field, or as `checkObjectKey`.
 */
export function readPostForm(fields: Iterable<FormField>, fileName: string): PostForm {
  const byName = fieldsByName(fields, fileName);
  const key = byName.get('key');
  if (key === undefined) throw missingField('key');
  return {
    key: checkObjectKey(key),
    headers: headersOf(byName),
    successStatus: readStatus(byName.get('success_action_status')),
    redirect: readRedirect(byName.get('success_action_redirect') ?? byName.get('redirect')),
  };
}

/**
 * Where the browser is sent after its upload: the form's address with bucket, key and entity tag behind what its query
 * has already (AWS docs "POST Object", `success_action_redirect`).
 *
 * @param redirect As {@link readPostForm} gives it.
 * @param stored `etag`: without quotes.
 */
export function postRedirect(
  redirect: string,
  { bucket, key, etag }: { readonly bucket: string; readonly key: string; readonly etag: string },
): string {
  const url = new URL(redirect);
  const stored = new URLSearchParams({ bucket, key, etag: `"${etag}"` }).toString();
  url.search = url.search === '' ? stored : `${url.search}&${stored}`;
  return url.href;
}

function headersOf(fields: ReadonlyMap<string, string>): HeaderList {
  const pairs: HeaderPair[] = [];
  for (const [name, value] of fields) {
    if (name === 'acl') pairs.push([s3Headers.acl, value]);
    // Tags are a document here. Whoever refuses the header refuses the field with it.
    else if (name === 'tagging') pairs.push([s3Headers.tagging, wireText(name, value)]);
    else if (name.startsWith('x-amz-') || storedFields.includes(name)) pairs.push([name, wireText(name, value)]);
  }
  return new HeaderList(pairs);
}

/** Text as headers carry it: a code unit per byte of UTF-8, and no line end. */
function wireText(name: string, value: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) throw invalidArgument(name, 'The field holds control characters');
  let text = '';
  for (const byte of encoder.encode(value)) text += String.fromCharCode(byte);
  return text;
}

/** A status that is none of the three means the same as none, as AWS's page says. */
function readStatus(text: string | undefined): 200 | 201 | 204 {
  if (text === '200') return 200;
  return text === '201' ? 201 : 204;
}

/** An address that is none is ignored, as AWS's page says; so is one that a browser would run. */
function readRedirect(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

const formType = /^multipart\/form-data\s*(?:;(.*))?$/i;
const boundaryShape = /(?:^|;)\s*boundary=(?:"([^"\\]{1,70})"|([!#$%&'*+\-.^_`|~0-9A-Za-z/:=?,()]{1,70}))\s*(?:;|$)/i;

/**
 * The boundary between the fields of a form, from `Content-Type` (RFC 2046 section 5.1.1, RFC 7578).
 *
 * @throws S3Error `PreconditionFailed` for a body that is no form, `MalformedPOSTRequest` without a boundary.
 */
export function parseFormBoundary(contentType: string): string {
  const form = formType.exec(contentType.trim());
  if (form === null) {
    const condition = 'Bucket POST must be of the enclosure-type multipart/form-data';
    throw new S3Error('PreconditionFailed', { details: { Condition: condition } });
  }
  const found = boundaryShape.exec(form[1] ?? '');
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw malformedForm();
  return boundary;
}

/** What a form is told that is none. */
export function malformedForm(): S3Error {
  return new S3Error('MalformedPOSTRequest');
}
