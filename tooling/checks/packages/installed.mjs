// What npm installs when a package is installed: how many others come along, and how much disk they take.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The package itself and all that comes with it, as npm has installed it in `consumer`. Peer dependencies are not
 * counted: they are the user's own.
 */
export function installedWith(consumer, name) {
  const { packages } = JSON.parse(readFileSync(join(consumer, 'package-lock.json'), 'utf8'));
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    for (const dependency of Object.keys(dependencies)) visit(locate(packages, path, dependency));
    for (const dependency of Object.keys(optionalDependencies)) {
      const found = locate(packages, path, dependency);
      // One for another platform is in the lockfile, but not installed.
      if (found !== undefined && isThere(join(consumer, found))) visit(found);
    }
  };
  visit(`node_modules/${name}`);
  const sizes = [...reached].map((path) => sizeOf(join(consumer, path)));
  return { dependencies: reached.size - 1, size: sizes[0], installedSize: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Node looks beside the importer first, and then further and further up. */
function locate(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Bytes of a package's own files; packages inside of it are counted by themselves. */
function sizeOf(directory) {
  return readdirSync(directory, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === 'node_modules') return sum;
    const path = join(directory, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size);
  }, 0);
}
