// What a program that uses a package brings to a browser: bundles it with all that it imports, minified.
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const entry = '\0entry';
const isBuiltin = (id) => id.startsWith('node:') || builtinModules.includes(id.split('/')[0]);

/**
 * The bundle of a program's source, whose imports are found as from a file in `directory`.
 *
 * `builtins` are the modules of Node that the bundle imports: a browser can run it only if there are none. `replaced`
 * gives modules other files; `external` names packages that are left out, such as those with native code.
 */
export async function bundle(directory, source, { external = [], replaced = {} } = {}) {
  const program = {
    name: 'program',
    resolveId: (id) => (id === entry ? join(directory, 'program.ts') : replaced[id]),
    load: (id) => (id === join(directory, 'program.ts') ? source : undefined),
  };
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    external: (id) => external.includes(id) || (isBuiltin(id) && !(id in replaced)),
    plugins: [program],
    onLog: (level, log, use) => {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      if (level !== 'info') use(level, log);
    },
  });
  try {
    const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
    const code = output.map((chunk) => chunk.code ?? '').join('');
    const builtins = output.flatMap((chunk) => chunk.imports ?? []).filter(isBuiltin);
    return { code, builtins, bytes: Buffer.byteLength(code), compressed: gzipSync(code).length };
  } finally {
    await build.close();
  }
}

/** A program that uses all that a package exports. */
export function usesAll(specifier) {
  return `import * as all from '${specifier}';\nglobalThis.kept = all;\n`;
}

/** A program that uses one export of a package. */
export function usesOne(specifier, name) {
  return `import { ${name} } from '${specifier}';\nglobalThis.kept = ${name};\n`;
}
