import { headerMatches, type CorsRequest, type CorsRuleFacts } from './cors-match.ts';

type Header = readonly [name: string, value: string];

/**
 * Tells caches that the answer depends on the origin that asked. Belongs on every such answer, even if no rule matched.
 */
export const varyByOrigin: Header = ['Vary', 'Origin'];

/**
 * The headers of the answer to a preflight that `rule` allows. `methods` are those of the operation at the URL that was
 * asked for.
 */
export function preflightHeaders(
  rule: CorsRuleFacts,
  { origin, headers = [] }: CorsRequest,
  methods: readonly string[],
): Header[] {
  return [
    allowOrigin(rule, origin),
    ['Access-Control-Allow-Methods', methods.join(', ')],
    ...list('Access-Control-Allow-Headers', headers),
    ...list('Access-Control-Expose-Headers', rule.exposeHeaders ?? []),
    ['Access-Control-Max-Age', String(rule.maxAgeSeconds)],
    varyByOrigin,
  ];
}

/**
 * The headers that let a page of that origin read an answer with the headers `answered`. Browsers understand only whole
 * names and a lone `*`, so an entry such as `x-bz-info-*` becomes the names that it covers.
 */
export function answerHeaders(rule: CorsRuleFacts, origin: string, answered: readonly string[]): Header[] {
  const named = (rule.exposeHeaders ?? []).filter((entry) => entry === '*' || !entry.endsWith('*'));
  const wildcards = (rule.exposeHeaders ?? []).filter((entry) => entry !== '*' && entry.endsWith('*'));
  const covered = answered.filter((name) => headerMatches(wildcards, name) && !headerMatches(named, name));
  return [allowOrigin(rule, origin), ...list('Access-Control-Expose-Headers', [...named, ...new Set(covered)])];
}

function allowOrigin({ allowedOrigins }: CorsRuleFacts, origin: string): Header {
  return ['Access-Control-Allow-Origin', allowedOrigins.includes('*') ? '*' : origin];
}

function list(name: string, values: readonly string[]): Header[] {
  return values.length === 0 ? [] : [[name, values.join(', ')]];
}
