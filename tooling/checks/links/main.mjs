// Follows every link of the repository's documents and of the built documentation site (docs/site). Links to elsewhere
// are not fetched.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDocuments } from './documents.mjs';
import { checkSite } from './site.mjs';

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const { address, branch } = JSON.parse(readFileSync(join(root, 'tooling/checks/manifests.json'), 'utf8'));

const sources = checkDocuments(root, `${address}/tree/${branch}/`);
const site = checkSite(join(root, 'docs/site'));
const problems = [...sources.problems, ...site.problems];

console.log(`${sources.documents} documents: ${sources.links} links, ${sources.paths} paths in code`);
console.log(`${site.pages} pages of the site: ${site.links} links, ${site.listed} entries of navigation and search`);
for (const problem of problems) console.error(problem);
// Looking at nothing would find nothing.
if (sources.documents < 40 || sources.links < 100 || sources.paths < 50) throw new Error('too few documents were read');
if (site.pages < 500 || site.links < 10_000 || site.listed < 500) throw new Error('too little of the site was read');
if (problems.length > 0) process.exit(1);
