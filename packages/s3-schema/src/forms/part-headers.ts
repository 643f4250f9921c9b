import { textOfUtf8 } from '../values/text.ts';
import { malformedForm } from './post-form.ts';

/** What the headers of a part say of it. */
export interface PartHeaders {
  readonly name: string;
  /** As sent; undefined if there is none. */
  readonly fileName: string | undefined;
}

// eslint-disable-next-line no-control-regex -- control characters are what is left out
const line = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00-\x08\x0a-\x1f\x7f]*)$/;
const parameter =
  /[ \t]*;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:"((?:[^"\\]|\\[^])*)"|([!#$%&'*+\-.^_`|~0-9A-Za-z]+))/y;
/** Names of the encodings under which a part is what it is (RFC 2045 section 6.2). */
const plainEncodings = ['7bit', '8bit', 'binary'];

/**
 * Reads the headers of a part of a form (RFC 7578 section 4), which end without a line end. Names may have any
 * characters of UTF-8. A part that says to be encoded is refused, as nobody would decode it.
 *
 * @throws S3Error `MalformedPOSTRequest`
 */
export function parsePartHeaders(block: Uint8Array): PartHeaders {
  const headers = new Map<string, string>();
  for (const text of (textOfUtf8(block) ?? '').split('\r\n')) {
    const [, name = '', value = ''] = line.exec(text) ?? [];
    if (name === '' || headers.has(name.toLowerCase())) throw malformedForm();
    headers.set(name.toLowerCase(), value.trim());
  }
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding !== undefined && !plainEncodings.includes(encoding)) throw malformedForm();
  return parseDisposition(headers.get('content-disposition') ?? '');
}

function parseDisposition(text: string): PartHeaders {
  const [type = ''] = /^[^ \t;]*/.exec(text) ?? [];
  if (type.toLowerCase() !== 'form-data') throw malformedForm();
  const parameters = parametersOf(text, type.length);
  const name = parameters.get('name');
  if (name === undefined || name === '') throw malformedForm();
  return { name, fileName: parameters.get('filename') };
}

function parametersOf(text: string, from: number): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  parameter.lastIndex = from;
  for (let at = from; at < text.length; at = parameter.lastIndex) {
    const [found, name = '', quoted, token = ''] = parameter.exec(text) ?? [];
    if (found === undefined || parameters.has(name.toLowerCase())) throw malformedForm();
    parameters.set(name.toLowerCase(), quoted === undefined ? token : unquoted(quoted));
  }
  return parameters;
}

/**
 * Only quotes and backslashes are taken for escaped: in a path of Windows, as browsers of old sent it, a backslash
 * before anything else is itself. Browsers of today escape quotes as `%22` (HTML Standard, "multipart/form-data
 * encoding algorithm"), which is left as it is, since no one can tell it from a name that has these characters.
 */
function unquoted(text: string): string {
  return text.replaceAll(/\\(["\\])/g, '$1');
}
