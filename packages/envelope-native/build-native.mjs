// Builds the native library with cargo and puts it where the package looks for it: native/coffer-envelope.node.
// `--check` also runs the crate's own tests and, if it is installed, clippy.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const crate = fileURLToPath(new URL('./crate', import.meta.url));
const native = fileURLToPath(new URL('./native', import.meta.url));
const built = {
  darwin: 'libcoffer_envelope_native.dylib',
  win32: 'coffer_envelope_native.dll',
}[process.platform];

if (spawnSync('cargo', ['--version']).error !== undefined) {
  console.error('The native engine is built with cargo, which is not installed here; see https://rustup.rs.');
  process.exit(1);
}

cargo('build', '--release', '--locked');
const target = join(native, 'coffer-envelope.node');
mkdirSync(native, { recursive: true });
// Renamed into its place: a process that has the old file open keeps it, where a copy would change it under its feet.
copyFileSync(join(crate, 'target/release', built ?? 'libcoffer_envelope_native.so'), `${target}.new`);
renameSync(`${target}.new`, target);
console.log(`built ${target}`);

if (process.argv.includes('--check')) {
  cargo('test', '--release', '--locked');
  if (spawnSync('cargo', ['clippy', '--version']).status === 0)
    cargo('clippy', '--release', '--locked', '--all-targets', '--', '-D', 'warnings');
  else console.log('clippy: skipped, it is not installed');
}

/** Ends this with cargo's status if that fails. What it builds goes below the crate, whatever the environment says. */
function cargo(...args) {
  const env = { ...process.env, CARGO_TARGET_DIR: join(crate, 'target') };
  const { status } = spawnSync('cargo', args, { cwd: crate, env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
