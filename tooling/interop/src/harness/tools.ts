const tools = process.env['COFFER_INTEROP_TOOLS'];

/**
 * Which b2 tool and SDK the scenarios run. The newest refuse to ask for no encryption themselves, as the service
 * encrypts everything since 2026, so their servers do, too: a file for which nothing was asked is SSE-B2.
 */
export const isNewest = tools === 'newest' || tools === 'newest-short';

/** Whether scenarios run over the first of their schemes only. */
export const isShort = tools === 'newest-short';

/** What a scenario's name says of the tools. */
export const toolsLabel = isNewest ? ' with the newest tools' : '';

/** Options of every server that these tools are put before. */
export const serverOptions: readonly string[] = isNewest ? ['--encrypt-by-default'] : [];
