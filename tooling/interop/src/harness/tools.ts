/**
 * Which b2 tool and SDK the scenarios run. The newest refuse to ask for no encryption themselves, as the service
 * encrypts everything since 2026, so their servers do, too: a file for which nothing was asked is SSE-B2.
 */
export const isNewest = process.env['COFFER_INTEROP_TOOLS'] === 'newest';

/** Options of every server that these tools are put before. */
export const serverOptions: readonly string[] = isNewest ? ['--encrypt-by-default'] : [];
