const shape = /^[A-Za-z0-9-]{6,63}$/;

/** Why a text is no name of a CORS or event notification rule; undefined if it is one. */
export function ruleNameProblem(name: string): string | undefined {
  if (!shape.test(name)) return 'Rule names must be 6 to 63 letters, digits or hyphens';
  return name.toLowerCase().startsWith('b2-') ? "Rule names must not start with 'b2-'" : undefined;
}
