import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from '../client-environment.ts';
import { expectSuccess, runCommand } from '../command.ts';
import { javaS3Folder } from '../paths.ts';
import type { GoAnswer, GoCall } from './go-s3.ts';
import { region, type S3World } from './s3-scenario.ts';

/** A call as the Java program in `java-s3` reads it: as that for Go does, without `parts` and `streamed`. */
export type JavaCall = GoCall;

/** Whether `run` could build it: there is a Java and a Maven on this machine. */
export const hasJavaS3 = existsSync(join(javaS3Folder, '.built'));

/** Runs calls one after the other in one process, since each takes a second to start. */
export async function javaAnswers(
  { endpoint, folder, credentials }: S3World,
  calls: readonly JavaCall[],
): Promise<readonly GoAnswer[]> {
  const { caFile } = endpoint;
  const classPath = [join(javaS3Folder, 'classes'), join(javaS3Folder, 'lib', '*')].join(':');
  const result = await runCommand('java', ['-XX:TieredStopAtLevel=1', '-cp', classPath, 'Main'], {
    env: clientEnvironment({ home: folder, caFile }),
    stdin: JSON.stringify({ endpoint: endpoint.url, region, caFile, ...credentials, calls }),
  });
  return JSON.parse(expectSuccess(result).stdout.toString()) as readonly GoAnswer[];
}
