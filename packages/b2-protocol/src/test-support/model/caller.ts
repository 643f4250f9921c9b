import { capabilityNames, type Capability } from '@coffer/b2-schema';
import type { CallOptions, TestServer } from '../test-server.ts';

const lockRights = [
  'readBucketRetentions',
  'writeBucketRetentions',
  'readFileRetentions',
  'writeFileRetentions',
  'readFileLegalHolds',
  'writeFileLegalHolds',
  'bypassGovernance',
] as const satisfies readonly Capability[];

export type Right = (typeof lockRights)[number];

/** Who may do everything, but of locks only this. */
const rightsOf = {
  owner: lockRights,
  keeper: lockRights.filter((right) => right !== 'bypassGovernance'),
  governor: ['writeFileRetentions', 'bypassGovernance', 'readFileLegalHolds'],
  visitor: [],
} as const satisfies Readonly<Record<string, readonly Right[]>>;

export type CallerName = keyof typeof rightsOf;
export const callerNames = Object.keys(rightsOf) as CallerName[];

/** Whose request it is. */
export interface Caller {
  readonly rights: ReadonlySet<Right>;
  /** For a token that is valid now. */
  readonly options: () => Promise<CallOptions>;
}

/** The owner with the master key, and others with keys of their own. */
export class Callers {
  readonly #callers: ReadonlyMap<CallerName, Caller>;
  readonly keyIds: readonly string[];

  private constructor(callers: ReadonlyMap<CallerName, Caller>, keyIds: readonly string[]) {
    this.#callers = callers;
    this.keyIds = keyIds;
  }

  static async create(server: TestServer): Promise<Callers> {
    const callers = new Map<CallerName, Caller>([
      ['owner', { rights: new Set(lockRights), options: () => Promise.resolve({}) }],
    ]);
    const keyIds: string[] = [];
    for (const name of callerNames.filter((one) => one !== 'owner')) {
      const { id, caller } = await restricted(server, rightsOf[name]);
      keyIds.push(id);
      callers.set(name, caller);
    }
    return new Callers(callers, keyIds);
  }

  get(name: CallerName): Caller {
    const caller = this.#callers.get(name);
    if (caller === undefined) throw new Error(`There is no ${name}`);
    return caller;
  }
}

async function restricted(
  { storage, accountId }: TestServer,
  rights: readonly Right[],
): Promise<{ readonly id: string; readonly caller: Caller }> {
  const withheld: readonly string[] = lockRights.filter((right) => !rights.includes(right));
  const { key } = await storage.applicationKeys.create({
    ...{ accountId, keyName: 'caller', bucketIds: null, namePrefix: null, validDurationInSeconds: null },
    capabilities: capabilityNames.filter((name) => !withheld.includes(name)),
  });
  const options = async () => ({ token: await storage.tokens.issueAccountToken(key) });
  return { id: key.applicationKeyId, caller: { rights: new Set(rights), options } };
}
