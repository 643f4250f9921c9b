/** How the versions of a bucket are spread over names. */
export interface BucketShape {
  readonly name: string;
  readonly versionsOf: (count: number) => Iterable<NamedVersions>;
}

/** A name with so many versions. */
export interface NamedVersions {
  readonly name: string;
  readonly versions: number;
}

/**
 * Names that every bucket of the shape `one folder` has behind its folder, so that its pages are full whatever its
 * size.
 */
const namesBehindFolder = 1_000;
/** Names per folder, and versions per name, where there are many of them. */
export const group = 1_000;

export const plainName = (i: number): string => `file-${padded(i)}`;
export const folderName = (i: number): string => `folder-${padded(Math.floor(i / group))}/file-${padded(i % group)}`;

/** Versions: as many as the bucket is said to have. Names: each with a single version, except in `many versions`. */
export const shapes = {
  plain: {
    name: 'plain',
    *versionsOf(count) {
      for (let i = 0; i < count; i++) yield { name: plainName(i), versions: 1 };
    },
  },
  folders: {
    name: 'folders',
    *versionsOf(count) {
      for (let i = 0; i < count; i++) yield { name: folderName(i), versions: 1 };
    },
  },
  oneFolder: {
    name: 'one folder',
    *versionsOf(count) {
      for (let i = 0; i < count; i++) yield { name: `all/${plainName(i)}`, versions: 1 };
      for (let i = 0; i < namesBehindFolder; i++) yield { name: `behind-${padded(i)}`, versions: 1 };
    },
  },
  /** The smallest bucket has one version of each name, larger ones a thousand. */
  manyVersions: {
    name: 'many versions',
    *versionsOf(count) {
      const versions = count > group ? group : 1;
      for (let i = 0; i < count / versions; i++) yield { name: plainName(i), versions };
    },
  },
} satisfies Record<string, BucketShape>;

export type ShapeName = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as ShapeName[];

function padded(i: number): string {
  return String(i).padStart(8, '0');
}
