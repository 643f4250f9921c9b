import type { HeaderList } from '@coffer/http';
import { parseRetentionMode, type LegalHold, type Retention } from '../settings/object-lock.ts';
import { parseIsoDate } from '../values/dates.ts';
import { s3Headers } from '../values/header-names.ts';
import { invalidArgument } from '../values/s3-error.ts';
import { field, fieldOr, readerOf, type Reader } from './wire-fields.ts';

const fields = readerOf({
  mode: field(s3Headers.lockMode, (text) => {
    const mode = parseRetentionMode(text);
    if (mode === undefined) throw invalidArgument(s3Headers.lockMode, 'Unknown wormMode directive.', text);
    return mode;
  }),
  until: field(s3Headers.retainUntil, (text) => {
    const ms = parseIsoDate(text);
    if (ms === undefined) {
      throw invalidArgument(s3Headers.retainUntil, 'The retain until date must be provided in ISO 8601 format', text);
    }
    return ms;
  }),
  hold: field(s3Headers.legalHold, (text): LegalHold => {
    if (text === 'ON') return 'on';
    if (text === 'OFF') return 'off';
    throw invalidArgument(s3Headers.legalHold, 'Legal Hold must be either of ON or OFF', text);
  }),
});

/** What an upload asks of Object Lock; undefined where it asks for nothing. */
export interface LockRequest {
  readonly retention: Exclude<Retention, { readonly mode: null }> | undefined;
  readonly legalHold: LegalHold | undefined;
}

/** Retention and legal hold of a new object (AWS docs `PutObject`). Whether the date is ahead, the clock decides. */
export const lockHeaders: Reader<LockRequest, HeaderList> = (headers) => {
  const { mode, until, hold } = fields(headers);
  if ((mode === undefined) !== (until === undefined)) {
    const message = 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied';
    throw invalidArgument(mode === undefined ? s3Headers.lockMode : s3Headers.retainUntil, message);
  }
  const isSet = mode !== undefined && until !== undefined;
  return { retention: isSet ? { mode, retainUntilTimestamp: until } : undefined, legalHold: hold };
};

/** Whether a retention in governance mode is to be overruled. */
export const bypassHeader = readerOf({
  bypassGovernance: fieldOr(s3Headers.bypassGovernance, false, (text) => text.toLowerCase() === 'true'),
});
