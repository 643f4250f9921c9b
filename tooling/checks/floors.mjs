// Dependencies point one way: each package may depend only on packages of a lower floor (see floors.json). A
// development dependency may be on the same floor, for contract suites, or be what a package talks to and is tested
// against. Imports in the source must be declared. Fails
// if it looked at nothing.
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

const table = JSON.parse(readFileSync(new URL('./floors.json', import.meta.url), 'utf8'));
const problems = [];
let checkedPackages = 0;
let checkedImports = 0;

const builtins = new Set(builtinModules);
const importPattern = /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|[^.\w])import\s*\(?\s*'([^']+)'/g;

for (const group of ['packages', 'apps']) {
  for (const folder of readdirSync(group, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    checkPackage(join(group, folder.name));
  }
}

function checkPackage(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const floor = table.packages[manifest.name];
  if (floor === undefined) return problems.push(`${manifest.name}: has no floor in floors.json`);
  checkedPackages++;
  // What the user brings is declared as well.
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies };
  const development = manifest.devDependencies ?? {};
  for (const name of Object.keys(dependencies)) {
    if (name in table.packages ? table.packages[name] >= floor : table.noNpmDependency.includes(manifest.name))
      problems.push(`${manifest.name} (floor ${floor}) must not depend on ${name}`);
  }
  for (const name of Object.keys(development)) {
    const isOtherSide = table.testedAgainst[manifest.name]?.includes(name);
    if (name in table.packages && table.packages[name] > floor && !isOtherSide)
      problems.push(`${manifest.name} must not develop with ${name}, a higher floor`);
  }
  for (const file of sourceFiles(join(directory, 'src'))) {
    // Not packed and not built: what only tests import.
    const isTest = file.endsWith('.test.ts') || file.includes('/test-support/');
    for (const match of readFileSync(file, 'utf8').matchAll(importPattern)) {
      const specifier = match[1] ?? match[2];
      if (specifier.startsWith('.')) continue;
      checkedImports++;
      checkImport(manifest, file, specifier, isTest ? { ...dependencies, ...development } : dependencies, isTest);
    }
  }
}

function checkImport(manifest, file, specifier, declared, isTest) {
  // A module of the package itself, which is another one for another runtime.
  if (specifier.startsWith('#')) {
    return specifier in (manifest.imports ?? {})
      ? undefined
      : problems.push(`${file}: package.json has no ${specifier}`);
  }
  const bare = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtins.has(bare)) {
    return specifier.startsWith('node:') ? undefined : problems.push(`${file}: write node:${bare}`);
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (name === manifest.name || name in declared) return;
  // Test tools of the whole workspace are declared once, at the root.
  if (isTest && ['vitest', 'fast-check', '@fast-check/vitest'].includes(name)) return;
  problems.push(`${file}: imports ${name}, which ${manifest.name} does not declare`);
}

function sourceFiles(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const expected = Object.keys(table.packages).length;
if (checkedPackages !== expected)
  problems.push(`looked at ${checkedPackages} packages of the ${expected} in floors.json`);
if (checkedImports === 0) problems.push('looked at no import');
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`floors: ${checkedPackages} packages and ${checkedImports} imports, all downwards`);
