/** Takes the texts at a path such as `rules.*.secret` out of JSON, and puts a placeholder into their place. */
export function takeFields(json: unknown, path: string): readonly string[] {
  const [name = '', ...rest] = path.split('.');
  if (typeof json !== 'object' || json === null) return [];
  if (name === '*') return Array.isArray(json) ? json.flatMap((member) => takeFields(member, rest.join('.'))) : [];
  const fields = json as Record<string, unknown>;
  const value = fields[name];
  if (rest.length > 0) return takeFields(value, rest.join('.'));
  if (typeof value !== 'string') return [];
  fields[name] = '(given out)';
  return [value];
}
