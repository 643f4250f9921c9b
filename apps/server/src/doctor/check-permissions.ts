import { stat } from 'node:fs/promises';
import { systemErrorCode, systemReason } from '../startup-error.ts';
import { ok, problem, type Finding } from './finding.ts';

const forOthers = 0o077;

/**
 * Whether only its owner may use a file or directory: judged by the mode bits, so that the result is the same for root.
 */
export async function checkOwnerOnly(path: string, what: string, wanted: '600' | '700'): Promise<Finding> {
  try {
    const { mode } = await stat(path);
    const bits = mode & 0o777;
    if ((bits & forOthers) === 0) return ok(`${what} ${path} can be used only by its owner.`);
    return problem(
      `${what} ${path} can be used by others than its owner (mode ${bits.toString(8)}).`,
      `chmod ${wanted} ${path}`,
    );
  } catch (error) {
    const mend =
      systemErrorCode(error) === 'ENOENT' ? 'Put it back from your backup.' : 'Run this as the user of the server.';
    return problem(`${what} ${path} cannot be looked at: ${systemReason(error)}.`, mend);
  }
}
