import type { HeaderList } from '@coffer/http';
import type { HeaderField } from '@coffer/sse-schema';

/** A request's headers as the schema's parsers take them. */
export function headerFields(headers: HeaderList): HeaderField[] {
  return headers.pairs.map(([name, value]) => ({ name, value }));
}
