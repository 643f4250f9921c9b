// Makes one file of the command: dist/main.js, as the compiler wrote it, is replaced by itself with all that it
// imports. Node then finds, reads and compiles one file instead of a thousand, which is most of what a start did. The
// licences of what is from npm go into dist/third-party-licences.txt. See docs/architecture.md, The command.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = join(here, '../..');

/**
 * What stays outside, so that the server depends on it itself: native code, files that are opened by their names at run
 * time, and what comes without the text of its licence.
 */
const atStart = ['lmdb', 'msgpackr', 'pino', 'saxes'];
/** What stays outside and is loaded by the few servers that use it. */
const onDemand = ['pino-pretty', 'selfsigned'];
const outside = [...atStart, ...onDemand];
/**
 * CommonJS of these, and what is imported of it. It is required: for an import Node would read it twice, first to find
 * its exports.
 */
const required = { pino: ['pino', 'stdTimeFunctions'], saxes: ['SaxesParser'] };
const isOutside = (id) => isBuiltin(id) || outside.includes(packageOf(id));

/** The files that may ask where they are: what they do with the answer is right from dist/main.js as well. */
const mayAskWhereTheyAre = [
  'apps/server/dist/own-package.js',
  'packages/envelope-native/dist/native-binding.js',
  'packages/store-local/dist/inspection/probe-lmdb.js',
];

const problems = [];
const manifestOf = new Map();
const own = manifestIn(here);

/** Puts a file that requires it in the place of each package of `required`. */
const requiring = {
  name: 'requiring',
  resolveId: (id) => (id in required ? `\0required:${id}` : undefined),
  load: (id) => {
    const name = id.startsWith('\0required:') ? id.slice('\0required:'.length) : undefined;
    if (name === undefined) return undefined;
    const makeRequire = "import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);";
    return `${makeRequire}\nexport const { ${required[name].join(', ')} } = load('${name}');\n`;
  },
};

/** Hands each file on with its source map, so that the map of the bundle leads to the source. */
const files = {
  name: 'files',
  load: (path) => {
    if (!path.startsWith(root) || path.includes('/node_modules/')) return undefined;
    const code = readFileSync(path, 'utf8');
    if (/\bimport\.meta\b/.test(code) && !mayAskWhereTheyAre.includes(relative(root, path)))
      problems.push(`${relative(root, path)} asks where it is, which is another place in dist/main.js`);
    return { code, map: existsSync(`${path}.map`) ? readFileSync(`${path}.map`, 'utf8') : null };
  },
  resolveId: (id, importer) => {
    if (importer !== undefined && outside.includes(packageOf(id))) requireSameRange(packageOf(id), importer);
    return undefined;
  },
};

/**
 * The bundle imports from where the server is installed, so the server has to depend on the same versions as the
 * package that the import is from.
 */
function requireSameRange(id, importer) {
  const name = id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/');
  const manifest = manifestAbove(importer);
  const theirs = manifest.dependencies?.[name] ?? manifest.peerDependencies?.[name];
  const ours = own.dependencies[name];
  if (ours === undefined) problems.push(`package.json: has to depend on ${name} ${theirs}, as ${manifest.name} does`);
  else if (theirs !== ours && theirs !== `^${ours}`)
    problems.push(`package.json: depends on ${name} ${ours}, but ${manifest.name} on ${theirs}`);
}

function packageOf(id) {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/');
}

function manifestAbove(path) {
  const directory = dirname(path);
  if (!manifestOf.has(directory))
    manifestOf.set(
      directory,
      existsSync(join(directory, 'package.json')) ? manifestIn(directory) : manifestAbove(directory),
    );
  return manifestOf.get(directory);
}

function manifestIn(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

/** Where a source is from the bundle when npm has installed both: `../src` here, `../../keyring/src` elsewhere. */
function installedPlace(source) {
  const path = relative(root, join(here, 'dist', source));
  return path.startsWith('apps/server/')
    ? relative('apps/server/dist', path)
    : `../../${path.replace(/^packages\//, '')}`;
}

/** Name, version and licence of each package from npm that files of the bundle are from. */
function licencesOf(paths) {
  const directories = new Set(paths.map((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]));
  directories.delete(undefined);
  return [...directories]
    .map(licenceIn)
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceIn(directory) {
  const { name, version, license } = manifestIn(directory);
  const texts = readdirSync(directory).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  if (texts.length === 0) problems.push(`${name}: its licence (${license}) has no file that could be handed on`);
  const contents = texts.map((file) => readFileSync(join(directory, file), 'utf8').trim());
  return `${name} ${version} (${license})\n\n${contents.join('\n\n')}\n`;
}

const inParts = readFileSync(join(here, 'dist/main.js'));
const bundle = await rolldown({
  input: join(here, 'dist/main.js'),
  platform: 'node',
  external: (id) => isOutside(id) && !(id in required),
  plugins: [files, requiring],
  onLog: (level, log, use) => {
    if (level !== 'info') problems.push(log.message);
    else use(level, log);
  },
});
const options = {
  file: join(here, 'dist/main.js'),
  format: 'esm',
  codeSplitting: false,
  comments: { legal: true, annotation: false, jsdoc: false },
  // With --enable-source-maps Node names the files and lines of the source in stack traces.
  sourcemap: true,
  sourcemapExcludeSources: true,
  sourcemapPathTransform: installedPlace,
};
const { output } = await bundle.generate(options);
const [chunk] = output;
const inside = Object.keys(chunk.modules).filter(isAbsolute);
if (inside.length < 100) problems.push(`Only ${inside.length} files are in the bundle`);
const licences = licencesOf(inside);
const surplus = chunk.imports.filter((id) => !isBuiltin(id) && !atStart.includes(id));
if (surplus.length > 0)
  problems.push(`The command loads ${surplus.join(', ')} at its start; import it where it is used`);
if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'));
  process.exit(1);
}
// For tests that reach into one of the packages while the command runs, which have no part in what is in the bundle.
writeFileSync(join(here, 'dist/main-in-parts.js'), inParts);
await bundle.write(options);
writeFileSync(join(here, 'dist/third-party-licences.txt'), licences);
await bundle.close();
console.log(`command: ${inside.length} files in one of ${Math.round(chunk.code.length / 1024)} KiB`);
