import { keys, type FileVersionRecord, type PartRecord, type StoredEncryption } from '@coffer/storage-ports';
import { blobIdsOf, versionKeyOf, type Subject, type TamperScene } from './tamper-scene.ts';

/**
 * What must come of it.
 *
 * - `record`: every read is refused as damaged, before a byte is sent.
 * - `blob`: a read of the whole is refused or breaks off as damaged; one that does not touch the damage may succeed.
 * - `refused`: no read succeeds, for whatever reason: the file looks like one that this request may not have, or is not
 *   there.
 * - `unnoticed`: the format does not cover it, and what readers get is right all the same.
 * - `whole only`: as `blob` for a read of the whole; of a file without encryption nothing but the length guards a
 *   range.
 */
export type Outcome = 'record' | 'blob' | 'refused' | 'unnoticed' | 'whole only';

/** One way to change what is stored of a file; `other` is a file of the same kind. */
export interface Tamper {
  readonly what: string;
  readonly outcome: Outcome;
  /** Does it, and gives how to undo it. */
  readonly apply: (scene: TamperScene, subject: Subject, other: Subject) => Promise<() => Promise<void>>;
}

type Changed<Record_> = { readonly [Field in keyof Record_]: readonly FieldChange<Record_>[] };

interface FieldChange<Record_> {
  readonly what: string;
  readonly outcome: Outcome;
  readonly to: (record: Record_, other: Record_) => Partial<Record_>;
}

/** All tampers that make sense for a file. */
export function tampersOf(subject: Subject): readonly Tamper[] {
  return [
    ...fieldTampers<FileVersionRecord>('version', versionFields(subject), editVersion),
    ...(subject.mode === 'none' ? encryptionTampers(plainChanges) : encryptionTampers(encryptionChanges(subject))),
    ...rowTampers,
    ...blobTampers(subject),
    ...(subject.shape === 'large' ? [...fieldTampers('part', partFields, editPart), ...partTampers(subject)] : []),
  ];
}

type Edit<Record_> = (
  scene: TamperScene,
  subject: Subject,
  other: Subject,
  change: FieldChange<Record_>['to'],
) => Promise<() => Promise<void>>;

const editVersion: Edit<FileVersionRecord> = (scene, { version }, other, change) =>
  scene.record('fileVersions', versionKeyOf(version), (record) => ({ ...record, ...change(record, other.version) }));

const editPart: Edit<PartRecord> = (scene, { version }, other, change) =>
  scene.record('parts', keys.parts(version.fileId, 2), (record) => ({
    ...record,
    ...change(record, other.parts[1] ?? record),
  }));

function fieldTampers<Record_>(kind: string, fields: Changed<Record_>, edit: Edit<Record_>): readonly Tamper[] {
  return Object.entries<readonly FieldChange<Record_>[]>(fields).flatMap(([field, changes]) =>
    changes.map(({ what, outcome, to }) => ({
      what: `${kind}.${field}: ${what}`,
      outcome,
      apply: (scene, subject, other) => edit(scene, subject, other, to),
    })),
  );
}

/** Every field of a version, so that a new one must say whether the seal covers it. */
function versionFields({ shape, mode, version }: Subject): Changed<FileVersionRecord> {
  const large = shape === 'large';
  return {
    fileId: [{ what: "another file's", outcome: 'record', to: (_, { fileId }) => ({ fileId }) }],
    accountId: [{ what: 'another', outcome: 'unnoticed', to: () => ({ accountId: 'ffffffffffff' }) }],
    bucketId: [{ what: 'another', outcome: 'record', to: () => ({ bucketId: 'f'.repeat(24) }) }],
    name: [{ what: "another file's", outcome: 'record', to: (_, { name }) => ({ name }) }],
    action: [
      { what: 'hide', outcome: 'refused', to: () => ({ action: 'hide' }) },
      { what: 'start', outcome: 'refused', to: () => ({ action: 'start' }) },
    ],
    uploadTimestamp: [{ what: 'later', outcome: 'record', to: (v) => ({ uploadTimestamp: v.uploadTimestamp + 1 }) }],
    size: [
      { what: 'one more', outcome: 'record', to: ({ size }) => ({ size: size + 1 }) },
      { what: 'one less', outcome: 'record', to: ({ size }) => ({ size: size - 1 }) },
      { what: 'zero', outcome: 'record', to: () => ({ size: 0 }) },
    ],
    contentType: [{ what: 'another', outcome: 'record', to: () => ({ contentType: 'a/b' }) }],
    checksums: [
      {
        what: 'another SHA-1',
        outcome: 'record',
        to: ({ checksums }) => ({ checksums: { ...checksums, sha1: new Uint8Array(20) } }),
      },
      {
        what: 'another MD5',
        outcome: 'record',
        to: ({ checksums }) => ({ checksums: { ...checksums, md5: new Uint8Array(16) } }),
      },
      {
        what: 'a further one',
        outcome: 'record',
        to: ({ checksums }) => ({
          checksums: { ...checksums, further: { algorithm: 'CRC32', of: 'content', value: new Uint8Array(4) } },
        }),
      },
      ...(large
        ? []
        : [
            {
              what: "another file's",
              outcome: 'record',
              to: (_: FileVersionRecord, { checksums }: FileVersionRecord) => ({ checksums }),
            } as const,
            {
              what: 'not compared',
              outcome: 'record',
              to: ({ checksums }: FileVersionRecord) => ({ checksums: { ...checksums, sha1Verified: false } }),
            } as const,
          ]),
    ],
    entityTag: [{ what: 'another', outcome: 'record', to: () => ({ entityTag: new Uint8Array(16) }) }],
    fileInfo: [
      { what: 'another', outcome: 'record', to: () => ({ fileInfo: { a: 'b' } }) },
      { what: 'one more', outcome: 'record', to: ({ fileInfo }) => ({ fileInfo: { ...fileInfo, a: 'b' } }) },
    ],
    encryption: [
      {
        what: "another file's",
        outcome: mode === 'SSE-C' ? 'refused' : 'record',
        to: (_, { encryption }) => ({ encryption }),
      },
    ],
    blobId: [
      ...(large
        ? []
        : [
            {
              what: "another file's",
              outcome: 'record',
              to: (_: FileVersionRecord, { blobId }: FileVersionRecord) => ({ blobId }),
            } as const,
          ]),
      ...(large ? [] : [{ what: 'none', outcome: 'record', to: () => ({ blobId: null }) } as const]),
    ],
    blobCheck: large
      ? [{ what: 'some', outcome: 'unnoticed', to: () => ({ blobCheck: new Uint8Array(32) }) }]
      : [
          { what: "another file's", outcome: 'record', to: (_, { blobCheck }) => ({ blobCheck }) },
          { what: 'none', outcome: 'record', to: () => ({ blobCheck: null }) },
        ],
    partCount: [
      large
        ? { what: 'none', outcome: 'record', to: () => ({ partCount: null }) }
        : { what: 'one', outcome: 'record', to: () => ({ partCount: 1 }) },
      ...(large ? [{ what: 'fewer', outcome: 'record', to: () => ({ partCount: 2 }) } as const] : []),
    ],
    retention: [{ what: 'some', outcome: 'record', to: () => ({ retention: { mode: 'governance', retainUntil: 1 } }) }],
    legalHold: [
      { what: 'another', outcome: 'record', to: () => ({ legalHold: version.legalHold === 'on' ? 'off' : 'on' }) },
    ],
    committedAt: [{ what: 'later', outcome: 'record', to: (v) => ({ committedAt: v.committedAt + 1 }) }],
  };
}

/**
 * Every field of a part of a finished file. When it was uploaded, and its seal until then, matter to nobody any more.
 */
const partFields: Changed<PartRecord> = {
  fileId: [{ what: "another file's", outcome: 'record', to: (_, { fileId }) => ({ fileId }) }],
  partNumber: [{ what: 'another', outcome: 'record', to: () => ({ partNumber: 7 }) }],
  blobId: [{ what: "another file's", outcome: 'record', to: (_, { blobId }) => ({ blobId }) }],
  size: [
    { what: 'one more', outcome: 'record', to: ({ size }) => ({ size: size + 1 }) },
    { what: 'zero', outcome: 'record', to: () => ({ size: 0 }) },
  ],
  checksums: [
    { what: "another file's", outcome: 'record', to: (_, { checksums }) => ({ checksums }) },
    { what: 'no MD5', outcome: 'record', to: ({ checksums }) => ({ checksums: { ...checksums, md5: null } }) },
  ],
  blobCheck: [{ what: "another file's", outcome: 'record', to: (_, { blobCheck }) => ({ blobCheck }) }],
  seal: [{ what: 'none', outcome: 'unnoticed', to: () => ({ seal: new Uint8Array() }) }],
  uploadTimestamp: [{ what: 'zero', outcome: 'unnoticed', to: () => ({ uploadTimestamp: 0 }) }],
};

type EncryptionChanges = Changed<StoredEncryption>;

function encryptionTampers(changes: EncryptionChanges): readonly Tamper[] {
  return fieldTampers('encryption', changes, (scene, subject, other, to) =>
    editVersion(scene, subject, other, ({ encryption }, { encryption: others }) => ({
      encryption: { ...encryption, ...to(encryption, others) },
    })),
  );
}

const flipped = (bytes: Uint8Array | null, at = 0): Uint8Array =>
  Uint8Array.from(bytes ?? [], (byte, i) => (i === at ? byte ^ 1 : byte));

const seals: readonly FieldChange<StoredEncryption>[] = [
  { what: "another file's", outcome: 'record', to: (_, { seal }) => ({ seal }) },
  { what: 'a bit', outcome: 'record', to: ({ seal }) => ({ seal: flipped(seal) }) },
  { what: 'cut', outcome: 'record', to: ({ seal }) => ({ seal: seal.slice(0, 16) }) },
  { what: 'empty', outcome: 'record', to: () => ({ seal: new Uint8Array() }) },
];

const keyIds: readonly FieldChange<StoredEncryption>[] = [
  { what: 'another key of the keyring', outcome: 'record', to: () => ({ globalKeyId: 'gk_0' }) },
  { what: 'no key of the keyring', outcome: 'refused', to: () => ({ globalKeyId: 'gk_9' }) },
];

/** Of a file that is not encrypted: a mode upgraded, or given keys that it has not. */
const plainChanges: EncryptionChanges = {
  mode: [
    { what: 'SSE-B2', outcome: 'record', to: () => ({ mode: 'SSE-B2' }) },
    { what: 'SSE-C', outcome: 'refused', to: () => ({ mode: 'SSE-C' }) },
  ],
  globalKeyId: keyIds,
  wrappedKey: [{ what: 'some', outcome: 'record', to: () => ({ wrappedKey: new Uint8Array(72) }) }],
  verifier: [{ what: 'some', outcome: 'record', to: () => ({ verifier: new Uint8Array(48) }) }],
  seal: seals,
};

function encryptionChanges({ mode }: Subject): EncryptionChanges {
  const withCustomerKey = mode === 'SSE-C';
  return {
    mode: [
      // A request with a customer key is not for such a file.
      { what: 'none', outcome: withCustomerKey ? 'refused' : 'record', to: () => ({ mode: 'none' }) },
      { what: 'the other', outcome: 'refused', to: () => ({ mode: withCustomerKey ? 'SSE-B2' : 'SSE-C' }) },
    ],
    globalKeyId: keyIds,
    wrappedKey: [
      { what: "another file's", outcome: 'record', to: (_, { wrappedKey }) => ({ wrappedKey }) },
      { what: 'a bit', outcome: 'record', to: ({ wrappedKey }) => ({ wrappedKey: flipped(wrappedKey, 40) }) },
      { what: 'cut', outcome: 'record', to: ({ wrappedKey }) => ({ wrappedKey: flipped(wrappedKey).slice(1) }) },
      { what: 'none', outcome: 'record', to: () => ({ wrappedKey: null }) },
    ],
    verifier: withCustomerKey
      ? [
          // The key that is right does not look so any more.
          { what: "another file's", outcome: 'refused', to: (_, { verifier }) => ({ verifier }) },
          { what: 'a bit', outcome: 'refused', to: ({ verifier }) => ({ verifier: flipped(verifier) }) },
          { what: 'cut', outcome: 'record', to: ({ verifier }) => ({ verifier: flipped(verifier).slice(1) }) },
          { what: 'none', outcome: 'record', to: () => ({ verifier: null }) },
        ]
      : [{ what: 'some', outcome: 'record', to: () => ({ verifier: new Uint8Array(48) }) }],
    seal: seals,
  };
}

const swapVersions: Tamper['apply'] = (scene, { version }, other) =>
  scene.record('fileVersions', versionKeyOf(version), () => other.version);

const rowTampers: readonly Tamper[] = [
  { what: 'the whole record of another file', outcome: 'record', apply: swapVersions },
  {
    what: 'the record is gone',
    outcome: 'refused',
    apply: (scene, { version }) => scene.record('fileVersions', versionKeyOf(version), () => undefined),
  },
  {
    what: 'the name leads to another file',
    outcome: 'unnoticed',
    apply: (scene, { version }, other) =>
      // By id the file is still found; by name the reader is refused, which the test asks for beside.
      scene.record('visibleNames', keys.visibleNames(version.bucketId, version.name), (record) => ({
        ...record,
        fileId: other.version.fileId,
      })),
  },
];

function blobTampers(subject: Subject): readonly Tamper[] {
  const { mode, shape, content } = subject;
  // A range of a blob in a file that is not encrypted cannot be checked; a small blob is at hand as a whole.
  const inside: Outcome = mode === 'none' && shape !== 'inline' ? 'whole only' : 'blob';
  const each = (what: string, outcome: Outcome, change: (bytes: Buffer) => Uint8Array | undefined): Tamper => ({
    what: `blob: ${what}`,
    outcome,
    apply: (scene, { version, parts }) => scene.blob(parts[1]?.blobId ?? version.blobId ?? '', change),
  });
  const flip = (what: string, at: (bytes: Buffer) => number) =>
    each(`a bit of ${what}`, inside, (bytes) => flipped(bytes, at(bytes)));
  return [
    flip('the salt', () => 0),
    flip('the commitment', () => 24),
    flip('the first chunk', () => 56),
    flip('a tag', (bytes) => Math.min(bytes.length, 56 + 16_400) - 1),
    flip('the end', (bytes) => bytes.length - 1),
    each('zeroed', inside, (bytes) => Buffer.alloc(bytes.length)),
    each('without its last byte', 'blob', (bytes) => bytes.subarray(0, -1)),
    each('cut to a chunk', 'blob', (bytes) => bytes.subarray(0, Math.min(bytes.length - 1, 56 + 16_400))),
    each('empty', 'blob', () => Buffer.of()),
    each('one byte more', 'blob', (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
    each('a chunk more', 'blob', (bytes) => Buffer.concat([bytes, bytes.subarray(-16_400)])),
    each('gone', 'blob', () => undefined),
    ...(mode === 'none' ? [] : [each('the plaintext', 'blob', () => content)]),
    {
      what: "blob: another file's of the same length",
      outcome: inside,
      apply: async (scene, { version, parts }, other) => {
        const bytes = await scene.bytesOf(blobIdsOf(other)[shape === 'large' ? 1 : 0] ?? '');
        return scene.blob(parts[1]?.blobId ?? version.blobId ?? '', () => bytes);
      },
    },
    each("an older version's of the same length", inside, () => subject.olderBlob),
    ...(subject.earlierAttempt === undefined
      ? []
      : [each('an earlier attempt’s of the same part', inside, () => subject.earlierAttempt?.blob)]),
    ...(mode === 'none' || shape === 'inline' ? [] : [chunksSwapped]),
  ];
}

const chunksSwapped: Tamper = {
  what: 'blob: two chunks in each other’s place',
  outcome: 'blob',
  apply: (scene, { version, parts }) =>
    scene.blob(parts[1]?.blobId ?? version.blobId ?? '', (bytes) => {
      const chunk = (n: number) => bytes.subarray(56 + n * 16_400, 56 + (n + 1) * 16_400);
      return Buffer.concat([bytes.subarray(0, 56), chunk(1), chunk(0), bytes.subarray(56 + 2 * 16_400)]);
    }),
};

function partTampers({ mode }: Subject): readonly Tamper[] {
  return [...partRowTampers, { ...partBlobsSwapped, outcome: mode === 'none' ? 'whole only' : 'blob' }];
}

const partRowTampers: readonly Tamper[] = [
  {
    what: 'parts: the record and the blob of an earlier attempt',
    outcome: 'record',
    apply: async (scene, { version, earlierAttempt: earlier }) => {
      if (earlier === undefined) throw new Error('There was no earlier attempt');
      await scene.put('inlineBlobs', keys.inlineBlobs(earlier.part.blobId), Uint8Array.from(earlier.blob));
      return scene.record('parts', keys.parts(version.fileId, 2), () => earlier.part);
    },
  },
  {
    what: 'parts: one dropped',
    outcome: 'record',
    apply: (scene, { version }) => scene.record('parts', keys.parts(version.fileId, 2), () => undefined),
  },
  {
    what: 'parts: one added',
    outcome: 'record',
    apply: async (scene, { version, parts: [first] }) => {
      const added = keys.parts(version.fileId, 4);
      await scene.put('parts', added, first && { ...first, partNumber: 4 });
      return () => scene.put('parts', added, undefined);
    },
  },
  {
    what: 'parts: two in each other’s place',
    outcome: 'record',
    apply: async (scene, { version, parts: [first, second] }) => {
      const place = (n: number) => keys.parts(version.fileId, n);
      const undo = [
        await scene.record('parts', place(1), () => second && { ...second, partNumber: 1 }),
        await scene.record('parts', place(2), () => first && { ...first, partNumber: 2 }),
      ];
      return async () => {
        for (const step of undo) await step();
      };
    },
  },
];

const partBlobsSwapped: Tamper = {
  what: 'parts: blobs of two in each other’s place',
  outcome: 'blob',
  apply: async (scene, { parts: [first, second] }) => {
    const [one, two] = [await scene.bytesOf(first?.blobId ?? ''), await scene.bytesOf(second?.blobId ?? '')];
    const undo = [await scene.blob(first?.blobId ?? '', () => two), await scene.blob(second?.blobId ?? '', () => one)];
    return async () => {
      for (const step of undo) await step();
    };
  },
};
