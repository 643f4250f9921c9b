import { algorithm, type CustomerKey, type CustomerKeyFields, type CustomerKeyNames } from './customer-key.ts';
import type { HeaderPair } from './header-lookup.ts';
import type { EncryptionView } from './settings.ts';

/** Whether any of the three was sent. */
export function hasCustomerKey(customer: CustomerKeyFields): boolean {
  return Object.values(customer).some((value) => value !== undefined);
}

/** The three headers of a customer key, which hold it in clear. */
export function printCustomer(customerKey: CustomerKey, names: CustomerKeyNames): HeaderPair[] {
  return [
    [names.algorithm, algorithm],
    [names.key, customerKey.exposeBase64((text) => text)],
    [names.md5, customerKey.md5Base64],
  ];
}

/** The headers of a response in which a protocol says how an object is encrypted. */
export function printView(
  view: EncryptionView,
  names: Pick<CustomerKeyNames, 'algorithm' | 'md5'> & { readonly encryption: string },
): HeaderPair[] {
  if (view.mode === 'none') return [];
  if (view.mode === 'SSE-B2') return [[names.encryption, algorithm]];
  const named: HeaderPair = [names.algorithm, algorithm];
  if (view.customerKeyMd5 === undefined) return [named];
  return [named, [names.md5, view.customerKeyMd5]];
}
