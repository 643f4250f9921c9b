/** Commands to the probe in a server. When the probe is done, it answers with the text of the command. */
export type Command =
  /** Collects garbage until nothing more can be freed. */
  | { readonly do: 'collect garbage' }
  /** Writes a snapshot of the heap: every object, with its strings, that can be reached. */
  | { readonly do: 'write snapshot'; readonly file: string }
  /** Writes the contents of all buffers and typed arrays that can be reached, which a snapshot does not hold. */
  | { readonly do: 'write buffers'; readonly file: string };
