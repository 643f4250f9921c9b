export { createDeliveryWorker, type DeliveryWorker } from './delivery-worker.ts';
export type { DeliveryEvent, DeliveryOptions } from './options.ts';
export type { AddressOptions, LookupAll } from './address-policy.ts';
export type { BackOff } from './back-off.ts';
export { allowList, type AllowList } from './allow-list.ts';
export { isPublicAddress } from './public-address.ts';
export { signatureOf } from './signature.ts';
