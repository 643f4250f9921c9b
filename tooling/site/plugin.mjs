// A plugin of typedoc. It gives pages their titles, groups and addresses, and links between documents their targets, so
// that the documents need neither front matter nor links of another form than those that work in the repository.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, Converter, KindRouter, PageEvent } from 'typedoc';
import { pages } from './pages.mjs';

const repository = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** What typedoc calls the packages, and what readers do. */
const groupTitles = { Modules: 'Packages' };

/**
 * Names a page by its document, so that its address stays when its title changes: `docs/guides/restic.md` is at
 * `guides/restic.html`.
 */
class PageRouter extends KindRouter {
  getIdealBaseName(reflection) {
    if (!reflection.isDocument()) return super.getIdealBaseName(reflection);
    return pathOf(reflection)
      .replace(/^docs\/|\/README\.md$|\.md$/g, '')
      .toLowerCase();
  }
}

/** @param {Application} app */
export function load(app) {
  app.renderer.defineRouter('pages', PageRouter);
  app.renderer.on(PageEvent.END, leadToFrontPage);
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    describe(document);
  });
  app.on(Application.EVENT_PROJECT_REVIVE, linkFolders, 1000);
  app.on(Application.EVENT_PROJECT_REVIVE, describePackages, 1000);
  // Late, when the groups have been made.
  app.on(Application.EVENT_PROJECT_REVIVE, renameGroups, -1000);
}

/** A page's document, from the repository's root. */
function pathOf(document) {
  return relative(repository, document.project.files.getReflectionPath(document) ?? '');
}

function describe(document) {
  const path = pathOf(document);
  const page = pages.find((one) => one.path === path);
  if (page === undefined) throw new Error(`${path} is not in pages.mjs`);
  const heading = /^# (.+)$/m.exec(document.content.map(({ text }) => text).join(''))?.[1];
  if (heading === undefined) throw new Error(`${path} has no heading`);
  document.name = page.title ?? heading.replaceAll('`', '');
  document.frontmatter = { ...document.frontmatter, group: page.group };
}

/**
 * A link to a package leads to its page, whether it names the folder or the README; one to another folder to the page
 * of the README there.
 */
function linkFolders(project) {
  const { files } = project;
  files.registerReflection(join(repository, 'README.md'), project);
  for (const module of project.children ?? []) {
    const { name } = module;
    const folder = join(repository, 'packages', name.replace('@coffer/', ''));
    if (!existsSync(folder)) throw new Error(`${name} has no folder`);
    for (const path of [folder, join(folder, 'README.md')]) files.registerReflectionPath(path, module);
  }
  for (const document of project.documents ?? []) {
    const path = files.getReflectionPath(document);
    if (path?.endsWith('/README.md')) files.registerReflectionPath(dirname(path), document);
  }
}

/** A package's page has its README's heading as title already; and its entry point `.` no name. */
function describePackages(project) {
  for (const { readme, children = [] } of project.children ?? []) {
    const [first] = readme ?? [];
    if (first !== undefined) first.text = first.text.replace(/^\s*# .+\n/, '');
    for (const child of children) if (child.name === '') child.name = 'index';
  }
}

function renameGroups({ groups = [] }) {
  for (const group of groups) group.title = groupTitles[group.title] ?? group.title;
}

/** Links to the README are made to lead to the folder of the site, in which only a server finds the page. */
function leadToFrontPage(page) {
  page.contents = page.contents?.replaceAll(/ href="((?:\.\.?\/)+)(#[^"]*)?"/g, ' href="$1index.html$2"');
}
