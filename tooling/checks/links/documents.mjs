// Links and paths in the documents of the repository, as they stand in the sources.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: true });

/** Folders that hold what is installed or made. */
const skipped = /^(?:node_modules|dist|reports|coverage|data|data-keys|\..*)$/;

/** Paths that stand in code, such as the tests that a document names. Capitals stand for a name of the reader's. */
const mentionedPath = /^(?:packages|apps|tooling|docs)\/(?!site\b|.*[A-Z]{4})[\w./@-]+$/;

/**
 * What is wrong with the links of all documents below a folder.
 *
 * @param {string} root of the repository
 * @param {string} treeUrl the public address of the repository's files, ending in a slash
 * @returns {{ documents: number, links: number, paths: number, problems: string[] }}
 */
export function checkDocuments(root, treeUrl) {
  const documents = documentsIn(root).map((path) => ({ path, ...readDocument(path) }));
  const slugsOf = new Map(documents.map(({ path, slugs }) => [path, slugs]));
  const problems = [];
  let links = 0;
  let paths = 0;
  for (const document of documents) {
    const name = relative(root, document.path);
    for (const link of document.links) {
      const place = link.startsWith(treeUrl) ? join(root, link.slice(treeUrl.length)) : inside(document.path, link);
      if (place === undefined) continue;
      links++;
      const problem = problemWith(place, slugsOf);
      if (problem !== undefined) problems.push(`${name}: the link to ${link}: ${problem}`);
    }
    for (const path of document.code.filter((text) => mentionedPath.test(text))) {
      paths++;
      if (!isBeginningOfPath(join(root, path))) problems.push(`${name}: there is no ${path}`);
    }
  }
  return { documents: documents.length, links, paths, problems };
}

function documentsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return skipped.test(entry.name) || /docs\/(?:site|api)$/.test(path) ? [] : documentsIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function readDocument(path) {
  const tokens = markdown.parse(readFileSync(path, 'utf8'), {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const headings = tokens.flatMap(({ type }, at) => (type === 'heading_open' ? [tokens[at + 1]] : []));
  return {
    links: inline.flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? []),
    code: inline.flatMap(({ type, content }) => (type === 'code_inline' ? [content] : [])),
    slugs: slugsOfHeadings(headings.map(({ children }) => children.map(({ content }) => content).join(''))),
  };
}

/** Anchors as GitHub makes them. */
function slugsOfHeadings(headings) {
  const slugs = new Set();
  for (const heading of headings) {
    const plain = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let slug = plain;
    for (let count = 1; slugs.has(slug); count++) slug = `${plain}-${count}`;
    slugs.add(slug);
  }
  return slugs;
}

/** Where a link leads within the repository; undefined if it leads elsewhere. */
function inside(from, link) {
  if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(link)) return undefined;
  return link.startsWith('#') ? `${from}${link}` : join(dirname(from), decodeURI(link));
}

function problemWith(place, slugsOf) {
  const [path = '', anchor] = place.split('#', 2);
  if (!existsSync(path)) return 'nothing is there';
  if (anchor === undefined || anchor === '') return undefined;
  const slugs = slugsOf.get(statSync(path).isDirectory() ? join(path, 'README.md') : path);
  return slugs?.has(anchor) ? undefined : 'no heading has this anchor';
}

/** Whether a path is there, or some that begin so, as the test runner takes them. */
function isBeginningOfPath(path) {
  if (existsSync(path)) return true;
  const folder = dirname(path);
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(basename(path)));
}
