// Links of the built documentation site: those in its pages, in the navigation and in the search index.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inflateSync } from 'node:zlib';

const tag = /<[a-z][^<>]*>/g;
const reference = /\s(?:href|src)="([^"]*)"/;
const identifier = /\sid="([^"]*)"/;

/**
 * What is wrong with the links of the site in a folder.
 *
 * @param {string} root of the site
 * @returns {{ pages: number, links: number, listed: number, problems: string[] }}
 */
export function checkSite(root) {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:html|svg)$/.test(name));
  const pages = new Map(names.map((name) => [join(root, name), readPage(join(root, name))]));
  const problems = [];
  let links = 0;
  const check = (from, target, link) => {
    const [path = '', anchor] = target.split('#', 2);
    const ids = pages.get(path)?.ids;
    const found = ids === undefined ? isFile(path) && !anchor : !anchor || ids.has(decodeURIComponent(anchor));
    if (!found) problems.push(`${relative(root, from)}: ${link} leads nowhere`);
  };
  for (const [path, { references }] of pages) {
    for (const link of references) {
      if (/^[a-z]+:/.test(link)) continue;
      links++;
      check(path, /^(?:#|$)/.test(link) ? `${path}${link}` : join(dirname(path), decodePath(link)), link);
    }
  }
  const listed = [...navigated(root), ...searched(root)];
  for (const url of listed) check(join(root, 'assets'), join(root, decodePath(url)), url);
  return { pages: pages.size, links, listed: listed.length, problems };
}

/** A link to a folder leads to a page only on a server. */
function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readPage(path) {
  const tags = readFileSync(path, 'utf8').match(tag) ?? [];
  const values = (attribute) => tags.flatMap((one) => attribute.exec(one)?.[1]?.replaceAll('&amp;', '&') ?? []);
  return { ids: new Set(values(identifier)), references: values(reference) };
}

/** The path of a link is percent-encoded; its anchor is compared apart from it. */
function decodePath(link) {
  const [path = '', anchor] = link.split('#', 2);
  return anchor === undefined ? decodeURI(path) : `${decodeURI(path)}#${anchor}`;
}

function navigated(root) {
  const urls = (nodes) => nodes.flatMap(({ path, children = [] }) => [...(path ? [path] : []), ...urls(children)]);
  return urls(packed(root, 'navigation'));
}

function searched(root) {
  return packed(root, 'search').rows.map(({ url }) => url);
}

/** Data that typedoc packs into a script, so that it can also be loaded from a disk. */
function packed(root, name) {
  const script = readFileSync(join(root, `assets/${name}.js`), 'utf8');
  const [, data] = /= "([^"]+)"/.exec(script) ?? [];
  if (data === undefined) throw new Error(`assets/${name}.js has no data`);
  return JSON.parse(inflateSync(Buffer.from(data, 'base64')).toString());
}
