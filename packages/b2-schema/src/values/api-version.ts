/** Versions of the B2 Native API, oldest first (B2 docs "API Versions"). */
export const apiVersions = ['v1', 'v2', 'v3', 'v4'] as const;
/** A version of the API, as it stands in the path: `v1` to `v4`. */
export type ApiVersion = (typeof apiVersions)[number];

/** The version of a path segment, or undefined if there is no such version. */
export function parseApiVersion(segment: string): ApiVersion | undefined {
  return apiVersions.find((version) => version === segment);
}
