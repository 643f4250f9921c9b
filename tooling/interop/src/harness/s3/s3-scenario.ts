import { randomBytes } from 'node:crypto';
import { Api } from '../api.ts';
import { inWorlds } from '../in-worlds.ts';
import type { Credentials, Endpoint } from '../server-process.ts';
import { ServerWorld } from '../server-world.ts';

/** The region of the server, by default, and of all clients. */
export const region = 'us-east-1';

/** What an application key needs for all of S3: the master key does not sign it. */
const s3Capabilities: readonly string[] = [
  ...['listAllBucketNames', 'listBuckets', 'readBuckets', 'writeBuckets', 'deleteBuckets'],
  ...['readBucketEncryption', 'writeBucketEncryption', 'readBucketRetentions', 'writeBucketRetentions'],
  ...['readBucketLogging', 'writeBucketLogging', 'listFiles', 'readFiles', 'writeFiles', 'deleteFiles'],
  ...['readFileRetentions', 'writeFileRetentions', 'readFileLegalHolds', 'writeFileLegalHolds', 'bypassGovernance'],
];

/** What a scenario of S3 works with: a running server, an application key for everything in it, and a folder. */
export class S3World extends ServerWorld {
  #api: Api | undefined;
  #credentials: Credentials | undefined;

  /** The native API, as the master key. */
  get api(): Api {
    if (this.#api === undefined) throw new Error('no scenario has begun');
    return this.#api;
  }

  /** The application key with every capability of S3: its id is the access key id, its key the secret access key. */
  get credentials(): Credentials {
    if (this.#credentials === undefined) throw new Error('no scenario has begun');
    return this.#credentials;
  }

  /** A new folder for the next scenario. The key is made once. */
  override async begin(): Promise<void> {
    await super.begin();
    this.#api ??= await Api.open(this.folder, this.endpoint, this.server.credentials);
    this.#credentials ??= await this.applicationKey(s3Capabilities);
  }

  /** Makes an application key. */
  async applicationKey(capabilities: readonly string[], restrictions: object = {}): Promise<Credentials> {
    const { accountId } = this.api;
    const made = await this.api.call('b2_create_key', { accountId, capabilities, keyName: 's3', ...restrictions });
    const { applicationKeyId: keyId = '', applicationKey: key = '' } = made;
    this.leaks.applicationKey(key);
    return { keyId, key };
  }

  /** A name that no bucket has. */
  bucketName(): string {
    return `interop-${randomBytes(6).toString('hex')}`;
  }

  /**
   * Makes a private bucket. Its name is returned.
   *
   * @param settings More fields of `b2_create_bucket`.
   */
  async bucket(settings: object = {}): Promise<string> {
    const bucketName = this.bucketName();
    const { accountId } = this.api;
    await this.api.call('b2_create_bucket', { accountId, bucketName, bucketType: 'allPrivate', ...settings });
    return bucketName;
  }
}

/** What differs from the usual for some scenarios of S3. */
export interface S3ScenarioSettings {
  /** More of the server's command line. */
  readonly options?: readonly string[];
  /** HTTPS only, as customer keys need it, unless told otherwise. */
  readonly schemes?: readonly Endpoint['scheme'][];
}

/**
 * Declares scenarios of S3 against a server of their own. After each the server's disk and logs are searched for
 * everything secret that it has seen until then.
 */
export function s3Scenarios(
  title: string,
  declare: (world: () => S3World) => void,
  { options = [], schemes = ['https'] }: S3ScenarioSettings = {},
): void {
  inWorlds(title, S3World, declare, { options, schemes });
}
