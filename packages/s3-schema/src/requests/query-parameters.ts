import { parseQuery } from '@coffer/http';
import { decodeQueryText } from '../values/percent-encoding.ts';
import { S3Error } from '../values/s3-error.ts';
import type { WireSource } from './wire-fields.ts';

/** The query of a request, decoded. Names are compared exactly. */
export class QueryParameters implements WireSource {
  readonly pairs: readonly (readonly [name: string, value: string])[];

  constructor(pairs: readonly (readonly [name: string, value: string])[]) {
    this.pairs = pairs;
  }

  /**
   * Reads the raw query of a request target. A name without `=` has an empty value.
   *
   * @throws S3Error `InvalidURI` for what is not percent-encoded UTF-8.
   */
  static parse(raw: string | undefined): QueryParameters {
    return new QueryParameters(
      parseQuery(raw, (encoded) => {
        const text = decodeQueryText(encoded);
        if (text === undefined) throw new S3Error('InvalidURI', { details: { URI: encoded } });
        return text;
      }),
    );
  }

  has(name: string): boolean {
    return this.pairs.some(([other]) => other === name);
  }

  get(name: string): string | undefined {
    return this.pairs.find(([other]) => other === name)?.[1];
  }

  getAll(name: string): readonly string[] {
    return this.pairs.filter(([other]) => other === name).map(([, value]) => value);
  }
}
