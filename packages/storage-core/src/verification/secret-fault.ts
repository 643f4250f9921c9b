import { EnvelopeError } from '@coffer/envelope-crypto';
import type { Row, TableName } from '@coffer/storage-ports';
import { requireProof } from '../core/proven-records.ts';
import type { FindingPlace } from '../services/verification.ts';
import { StorageError } from '../services/storage-error.ts';
import { fault, type Fault } from './findings.ts';
import type { FindingKind } from '../services/verification.ts';
import type { Verifier } from './verifier.ts';

/** What is wrong if `open` cannot open what is sealed: as a fault of the kind `secret`. */
export function secretFault(
  place: Partial<FindingPlace>,
  what: string,
  open: () => Promise<unknown>,
): Promise<readonly Fault[]> {
  return sealedFault(place, what, open, { kind: 'secret', detail: 'has a sealed secret that cannot be opened' });
}

/**
 * What is wrong if `open` fails: the global key is not in the keyring, or what is sealed is not what was sealed.
 * Rethrows an error that says nothing about the data, such as that of a key provider that cannot be reached.
 */
export async function sealedFault(
  place: Partial<FindingPlace>,
  what: string,
  open: () => Promise<unknown>,
  otherwise: { readonly kind: FindingKind; readonly detail: string },
): Promise<readonly Fault[]> {
  try {
    await open();
    return [];
  } catch (error) {
    const cause = StorageError.is(error) ? error.cause : error;
    if (cause instanceof EnvelopeError && cause.code === 'unknown_key')
      return [
        fault('global-key', place, `${what} needs a global key that the keyring does not have: ${cause.message}`),
      ];
    if (
      cause instanceof EnvelopeError ||
      StorageError.is(error, 'integrity') ||
      StorageError.is(error, 'record_damaged')
    )
      return [fault(otherwise.kind, place, `${what} ${otherwise.detail}`)];
    throw error;
  }
}

/** What is wrong if a record of access does not match its proof. */
export function proofFault(
  { core }: Verifier,
  place: Partial<FindingPlace> & { readonly table: TableName },
  what: string,
  { key, value }: Row<object>,
): Promise<readonly Fault[]> {
  return sealedFault(place, what, () => requireProof(core.keys, place.table, key, value), {
    kind: 'seal',
    detail: 'has a record that does not match its proof: a field is not as it was stored',
  });
}
