/** How much of a document is read before it is refused. */
export interface XmlLimits {
  /** Bytes of the whole document. */
  readonly maxBytes: number;
  /** Elements inside of each other, the root counted; 16 unless given. */
  readonly maxDepth?: number;
  /** Elements of the document; 100,000 unless given. */
  readonly maxElements?: number;
}

/** Limits for documents whose author did not name any; a configuration in practice has a depth below 8. */
export const defaultMaxDepth = 16;
export const defaultMaxElements = 100_000;
/** Attributes of one element, declarations of namespaces counted. */
export const maxAttributes = 16;
