import { algorithm, type CustomerKey, type CustomerKeyFields, type CustomerKeyNames } from './customer-key.ts';
import type { HeaderField } from './header-lookup.ts';
import type { EncryptionView } from './settings.ts';

/** Whether any of the three was sent. */
export function hasCustomerKey(customer: CustomerKeyFields): boolean {
  return Object.values(customer).some((value) => value !== undefined);
}

/** The three headers of a customer key, which hold it in clear. */
export function printCustomer(customerKey: CustomerKey, names: CustomerKeyNames): HeaderField[] {
  return [
    { name: names.algorithm, value: algorithm },
    { name: names.key, value: customerKey.exposeBase64((text) => text) },
    { name: names.md5, value: customerKey.md5Base64 },
  ];
}

/** The headers of a response in which a protocol says how an object is encrypted. */
export function printView(
  view: EncryptionView,
  names: Pick<CustomerKeyNames, 'algorithm' | 'md5'> & { readonly encryption: string },
): HeaderField[] {
  if (view.mode === 'none') return [];
  if (view.mode === 'SSE-B2') return [{ name: names.encryption, value: algorithm }];
  const named = [{ name: names.algorithm, value: algorithm }];
  if (view.customerKeyMd5 === undefined) return named;
  return [...named, { name: names.md5, value: view.customerKeyMd5 }];
}
