import { ConformanceError } from '../model/conformance-error.ts';
import { protocolOf, type Profile } from '../model/feature.ts';
import { secretFrom, valueFrom, type Environment } from '../target/secrets.ts';
import { featuresOf, type Target } from '../target/target.ts';
import { b2Files } from './b2-files.ts';
import type { FileService, RunKeys } from './file-service.ts';
import { s3Files } from './s3-files.ts';
import type { TolerantTransport } from './tolerant-transport.ts';

/** Where the endpoint of a profile is. @throws ConformanceError `target` without what the profile needs. */
export function originOf({ name, b2, s3 }: Target, profile: Profile): string {
  const section = protocolOf(profile);
  const origin = { b2, s3 }[section]?.url;
  if (origin !== undefined) return origin;
  throw new ConformanceError('target', `The target ${name} has no section ${section}.`);
}

/** The files of a target; nothing is asked yet. @throws ConformanceError `target` without what the profile needs. */
export function openFiles(
  target: Target,
  profile: Profile,
  environment: Environment,
  keys: RunKeys,
  transport: TolerantTransport,
): FileService {
  const origin = originOf(target, profile);
  const { b2, s3 } = target;
  if (protocolOf(profile) === 'b2' && b2 !== undefined) {
    const account = { origin, keyId: valueFrom(b2.keyId, environment), secret: secretFrom(b2.key, environment) };
    return b2Files(account, keys, transport);
  }
  if (s3 === undefined) throw new ConformanceError('target', `The target ${target.name} has no section s3.`);
  const account = {
    ...{
      origin,
      bucketDomain: s3.bucketDomain ?? new URL(origin).host,
      region: s3.region,
      accessKeyId: valueFrom(s3.accessKeyId, environment),
    },
    secret: secretFrom(s3.secretAccessKey, environment),
  };
  const traits = { minimumPart: s3.minimumPartSize, versions: featuresOf(target).has('versions') };
  return s3Files(account, traits, keys, transport);
}
