import type { Hit } from './secret-search.ts';

/** Directories of a scenario's clients, beside those of its server, which keep their own keys where they like. */
const clientFiles = /^(?:file|name of) \d+-\d+-run-\w+\/(?:scenario-\d+|network|home)\b/;

/** Files that hold a secret because that is what they are for. */
const files: readonly { readonly label: RegExp; readonly form: RegExp }[] = [
  // The root key, in a directory that is not the data's.
  { label: /^file .*\/root\.key$/, form: /^hex$/ },
];

/** Whether a secret belongs where it was found. */
export function isExcepted(label: string, { form }: Hit): boolean {
  return clientFiles.test(label) || files.some((file) => file.label.test(label) && file.form.test(form));
}
