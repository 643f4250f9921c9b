import { fileURLToPath } from 'node:url';
import { isNewest } from './tools.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The package's own folder for everything it installs and makes; ignored by git. */
export const workFolder = at('../../.work');

/** Programs of the virtual environment, such as `b2`. */
export const venvBin = at(`../../.work/${isNewest ? 'venv-newest' : 'venv'}/bin`);

/** Programs of the virtual environment of the S3 clients, such as `aws`. */
export const s3VenvBin = at('../../.work/venv-s3/bin');

/** The pinned rclone with its b2 backend, as `run` builds it. */
export const currentRclone = at('../../.work/bin/rclone');

/** The program that runs calls of the blazer library, as `run` builds it. */
export const blazerProgram = at('../../.work/bin/blazer');

/** The program that runs calls of S3 libraries for Go, as `run` builds it. */
export const goS3Program = at('../../.work/bin/go-s3');

/** The program that runs calls of the AWS SDK for Java with its libraries, as `run` builds it where it can. */
export const javaS3Folder = at('../../.work/java-s3');

/**
 * The server as it was built. In leak mode it runs in parts: what is collected then is collected from a class of
 * `@coffer/bytes`, of which the one file of the command has its own.
 */
export const serverEntry = at(
  `../../../../apps/server/dist/${process.env['COFFER_LEAKS_PRELOAD'] === undefined ? 'main' : 'main-in-parts'}.js`,
);

/** A Python script of this package. */
export const pythonScript = (name: string): string => at(`../../python/${name}`);

/** The whole workspace. */
export const repository = at('../../../..');

/** The server of the example page of `@coffer/client`. */
export const examplePageServer = at('../../../../packages/client/examples/page/serve.mjs');
