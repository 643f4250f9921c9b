import { S3Error } from '@coffer/s3-schema';
import type { Handler } from './handler.ts';

/** AWS docs "POST Object". */
export const postObject: Handler<'PostObject'> = () =>
  Promise.reject(new S3Error('NotImplemented', { message: 'This operation is not implemented.' }));
