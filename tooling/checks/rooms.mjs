// Inside a package, folders are rooms that import only rooms below them: floors.json lists the rooms of each divided
// package from the ground up. No files import each other in a circle, in any package or tool. Fails if it looked at
// nothing.
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const { rooms } = JSON.parse(readFileSync(new URL('./floors.json', import.meta.url), 'utf8'));
const importPattern = /\bfrom\s*'(\.[^']+)'|(?:^|[^.\w])import\s*\(?\s*'(\.[^']+)'/g;
const problems = [];
let arrows = 0;

for (const group of ['packages', 'apps', 'tooling'])
  for (const folder of readdirSync(group)) {
    const source = join(group, folder, 'src');
    if (!existsSync(source)) continue;
    const imports = importsOf(source);
    reportCircles(imports);
    const order = rooms[join(group, folder)];
    if (order !== undefined) checkRooms(source, order, imports);
  }
for (const divided of Object.keys(rooms))
  if (!existsSync(join(divided, 'src'))) problems.push(`floors.json divides ${divided}, which is not there`);

/** The files of a folder, each with the files of it that it imports. */
function importsOf(source) {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files.map((file) => {
      const matches = [...readFileSync(file, 'utf8').matchAll(importPattern)];
      const targets = matches.map(([, from, dynamic]) => join(dirname(file), from ?? dynamic));
      arrows += targets.length;
      return [file, targets.filter((target) => files.includes(target))];
    }),
  );
}

/**
 * `order` names the rooms from the ground up. Files beside the rooms are above all of them; tests may import anything.
 */
function checkRooms(source, order, imports) {
  const heightOf = (file) => {
    const [room, ...inside] = relative(source, file).split('/');
    return inside.length === 0 ? order.length : order.indexOf(room);
  };
  const seen = new Set();
  for (const [file, targets] of imports) {
    const height = heightOf(file);
    if (height === -1) problems.push(`${file}: its folder is not among the rooms of floors.json`);
    seen.add(height);
    if (file.endsWith('.test.ts')) continue;
    for (const target of targets)
      if (heightOf(target) > height) problems.push(`${file}: imports ${target}, which is in a room above it`);
  }
  for (const [height, room] of order.entries())
    if (!seen.has(height)) problems.push(`floors.json: the room ${join(source, room)} is not there`);
}

/** Walks the imports depth first; a file that is met again while it is still being walked closes a circle. */
function reportCircles(imports) {
  const done = new Set();
  const path = [];
  const visit = (file) => {
    if (done.has(file)) return;
    const start = path.indexOf(file);
    if (start !== -1) return void problems.push(`import circle: ${[...path.slice(start), file].join(' → ')}`);
    path.push(file);
    for (const target of imports.get(file)) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
}

if (arrows === 0) problems.push('looked at no import');
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
const divided = Object.values(rooms);
console.log(
  `rooms: ${divided.flat().length} rooms in ${divided.length} packages and ${arrows} imports, without circles`,
);
