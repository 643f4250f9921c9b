import { ConformanceError, parseTarget, type Target } from '@coffer/conformance';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** A target with the certificates that it names. */
export interface ReadTarget {
  readonly target: Target;
  readonly ca?: string;
}

/** Reads a target's file; the file of certificates is found from its folder. @throws ConformanceError `target` */
export async function readTarget(path: string): Promise<ReadTarget> {
  const target = parseTarget(jsonOf(await textOf(path), path));
  if (target.tls === undefined) return { target };
  return { target, ca: await textOf(resolve(dirname(path), target.tls.caFile)) };
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConformanceError('target', `${path} cannot be read.`, { cause });
  });
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConformanceError('target', `${path} is not JSON.`, { cause });
  }
}
