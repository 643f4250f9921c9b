// Where a package comes from and by which words it is found: written into every published manifest from manifests.json,
// the one place to change when the public address is decided. `--write` writes; without it, fails where a manifest
// differs. `--release` also fails while the address is one that nobody can reach.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const write = process.argv.includes('--write');
const { address, branch, keywords } = JSON.parse(readFileSync(new URL('./manifests.json', import.meta.url), 'utf8'));
const problems = [];
const seen = [];

for (const group of ['packages', 'apps']) for (const folder of readdirSync(group)) checkManifest(join(group, folder));

function checkManifest(directory) {
  const path = join(directory, 'package.json');
  const text = readFileSync(path, 'utf8');
  const manifest = JSON.parse(text);
  if (manifest.private === true) return;
  seen.push(manifest.name);
  if (keywords[manifest.name] === undefined)
    return problems.push(`${manifest.name}: manifests.json has no keywords for it`);
  const right = `${JSON.stringify(withOrigin(manifest, directory), null, 2)}\n`;
  // Prettier puts short lists on one line, which does not matter here.
  if (JSON.stringify(JSON.parse(right)) === JSON.stringify(manifest)) return;
  if (write) writeFileSync(path, right);
  else problems.push(`${path}: differs from manifests.json; run node tooling/checks/manifests.mjs --write`);
}

/** The manifest with its origin and keywords, right behind the description. */
function withOrigin({ name, version, description, ...others }, directory) {
  const origin = {
    keywords: keywords[name],
    homepage: `${address}/tree/${branch}/${directory}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: 'git', url: `git+${address}.git`, directory },
  };
  for (const field of Object.keys(origin)) delete others[field];
  return { name, version, description, ...origin, ...others };
}

for (const name of Object.keys(keywords))
  if (!seen.includes(name)) problems.push(`manifests.json: there is no published package ${name}`);
if (seen.length === 0) problems.push('looked at no manifest');
if (process.argv.includes('--release') && new URL(address).hostname.endsWith('.example'))
  problems.push(`manifests.json: ${address} is an address for examples; decide on the public one`);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`manifests: ${seen.length} have the origin and the keywords of manifests.json`);
