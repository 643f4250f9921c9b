import type { OperationNameOf } from '@coffer/b2-schema';
import type { Call } from '../operations/handler.ts';

/**
 * The URL to upload to, in the version of the call. Its last segment has the form of the service's, which names a
 * machine; here it only makes each URL different.
 */
export function uploadUrl(call: Call, operation: OperationNameOf<'upload'>, target: string): string {
  const { apiUrl } = call.options.origins(call.request);
  const [high = 0, low = 0] = call.options.random.bytes(2);
  const thread = String((high * 256 + low) % 10_000).padStart(4, '0');
  return `${apiUrl}/b2api/${call.version}/${operation}/${target}/c000_v0000000_t${thread}`;
}
