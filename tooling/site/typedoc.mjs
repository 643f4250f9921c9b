// The options of typedoc: the API of all packages, and the repository's documents as pages beside it.
import { OptionDefaults } from 'typedoc';
import { pageGroups, pages } from './pages.mjs';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Coffer',
  readme: '../../README.md',
  out: '../../docs/site',
  plugin: ['./plugin.mjs'],
  router: 'pages',
  projectDocuments: pages.map(({ path }) => `../../${path}`),
  entryPointStrategy: 'packages',
  entryPoints: ['../../packages/*'],
  packageOptions: {
    // Deeper, the types of the tables of operations alone make pages of megabytes.
    maxTypeConversionDepth: 4,
    entryPointStrategy: 'resolve',
    tsconfig: 'tsconfig.json',
    skipErrorChecking: true,
    disableSources: true,
    excludeInternal: true,
    validation: { notExported: false, invalidLink: true, notDocumented: false },
  },
  validation: { notExported: false, invalidLink: true, notDocumented: false, invalidPath: true },
  treatWarningsAsErrors: true,
  disableSources: true,
  headings: { readme: false, document: false },
  sortEntryPoints: false,
  groupOrder: [...pageGroups, 'Modules', '*'],
  navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
  searchInDocuments: true,
  includeHierarchySummary: false,
  githubPages: true,
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'python'],
  customCss: './site.css',
};
