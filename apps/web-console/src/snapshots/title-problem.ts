const longest = 100;

/** What the server would refuse in the title of a snapshot; undefined: nothing. An empty one is left out. */
export function titleProblem(title: string): string | undefined {
  if (title.includes('/')) return 'It must not have a slash.';
  if (/[\p{Cc}\p{Surrogate}]/u.test(title)) return 'It has a character that cannot be in a name.';
  return title.length > longest ? `It must be no longer than ${String(longest)} characters.` : undefined;
}
