import { ConformanceError } from '../model/conformance-error.ts';
import { customerKey } from '../model/customer-key.ts';
import type { Json } from '../model/step.ts';
import type { Answer } from '../wire/answer.ts';

/** What the run gives to every case. */
export interface RunValues {
  /** Name of the run's bucket, and with B2 its id. */
  readonly bucket: string;
  readonly bucketId: string | undefined;
  readonly accountId: string | undefined;
  /** Bytes. */
  readonly minimumPart: number;
}

const template = /\{\{([^{}]+)\}\}/g;
const wholeTemplate = /^\{\{([^{}]+)\}\}$/;
const sum = /^minimumPart([+-]\d+)?$/;
const time = /^(time|date)([+-]\d+)$/;

/**
 * The values that the templates of a case can name:
 *
 * - `{{bucket}}`, `{{bucket.id}}`, `{{accountId}}`: what the run works in
 * - `{{dir}}`: the folder of this case, without a slash at the end
 * - `{{minimumPart}}`, `{{minimumPart+1}}`, `{{minimumPart-1}}`: a number of bytes
 * - `{{time+60}}`: so many seconds after the begin of the case, in milliseconds since the epoch
 * - `{{date+60}}`: the same as a date of ISO 8601
 * - `{{key.A}}`, `{{key.A.md5}}`: a customer key and its MD5, in base64
 * - `{{NAME.bucket}}`, `{{NAME.id}}`: a bucket that a step made
 * - `{{NAME.json.PATH}}`, `{{NAME.header.HEADER}}`, `{{NAME.xml.PATH}}`: of the answer to a step
 */
export class Scope {
  readonly run: RunValues;
  readonly dir: string;
  readonly #answers = new Map<string, Answer>();
  readonly #buckets = new Map<string, { readonly bucket: string; readonly id: string | undefined }>();

  readonly #begin: number;

  /** @param now milliseconds since the epoch */
  constructor(run: RunValues, caseId: string, now = Date.now()) {
    this.run = run;
    this.dir = caseId;
    this.#begin = Math.floor(now / 1000) * 1000;
  }

  remember(name: string, answer: Answer): void {
    this.#answers.set(name, answer);
  }

  rememberBucket(name: string, bucket: string, id: string | undefined): void {
    this.#buckets.set(name, { bucket, id });
  }

  /** @throws ConformanceError `case` for a name that nothing was given to. */
  text(text: string): string {
    return text.replace(template, (_, name: string) => String(this.#value(name)));
  }

  texts(texts: Readonly<Record<string, string>> = {}): Record<string, string> {
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, this.text(text)]));
  }

  /** JSON with its templates filled in. A text that is one template of a number and nothing else is that number. */
  json(json: Json): Json {
    if (typeof json === 'string') {
      const [, name] = wholeTemplate.exec(json) ?? [];
      return name === undefined ? this.text(json) : this.#value(name);
    }
    if (typeof json !== 'object' || json === null) return json;
    if (Array.isArray(json)) return (json as readonly Json[]).map((item) => this.json(item));
    return this.fields(json as Readonly<Record<string, Json>>);
  }

  fields(fields: Readonly<Record<string, Json>>): Record<string, Json> {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, this.json(value)]));
  }

  #value(name: string): string | number {
    const found = this.#ofRun(name) ?? this.#ofBucket(name) ?? this.#ofAnswer(name);
    if (found !== undefined) return found;
    throw new ConformanceError('case', `There is no {{${name}}}: no step gave it, or its answer has no such field.`);
  }

  #ofRun(name: string): string | number | undefined {
    const { bucket, bucketId, accountId, minimumPart } = this.run;
    const [, difference = '0'] = sum.exec(name) ?? [];
    if (sum.test(name)) return minimumPart + Number(difference);
    const [, form, seconds] = time.exec(name) ?? [];
    if (form !== undefined) return timeAs(form, this.#begin + Number(seconds) * 1000);
    const [key, letter = '', md5] = name.split('.');
    if (key === 'key') return md5 === undefined ? customerKey(letter).key : customerKey(letter).md5;
    return { bucket, 'bucket.id': bucketId, accountId, dir: this.dir }[name];
  }

  #ofBucket(name: string): string | undefined {
    const [step = '', field = ''] = name.split('.');
    const made = this.#buckets.get(step);
    return field === 'bucket' ? made?.bucket : field === 'id' ? made?.id : undefined;
  }

  #ofAnswer(name: string): string | number | undefined {
    const [step = '', part, ...path] = name.split('.');
    const answer = this.#answers.get(step);
    const field = path.join('.');
    if (part === 'header') return answer?.headers.get(field);
    const found = part === 'json' ? answer?.json(field) : part === 'xml' ? answer?.xml(field) : undefined;
    return typeof found === 'string' || typeof found === 'number' ? found : undefined;
  }
}

function timeAs(form: string, milliseconds: number): string | number {
  return form === 'time' ? milliseconds : new Date(milliseconds).toISOString().replace('.000', '');
}
