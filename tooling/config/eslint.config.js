import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const zodAsNamespace = {
  selector: 'ImportDeclaration[source.value=/^zod(\\u002f|$)/] > :matches(ImportSpecifier, ImportDefaultSpecifier)',
  message: "Write import * as z from 'zod': with any other form a bundle holds all of zod, not only what is used.",
};

const errorsWithCodes = [
  'ThrowStatement > NewExpression[callee.name="Error"]',
  'CallExpression[callee.object.name="Promise"][callee.property.name="reject"] > NewExpression[callee.name="Error"]',
].map((selector) => ({ selector, message: 'Throw an error that has a code.' }));

// In a page, a forgotten variable with one of these names is a member of the window, and compiles.
const namesOfTheWindow = [
  ...['alert', 'blur', 'close', 'closed', 'confirm', 'event', 'external', 'find', 'focus', 'frames', 'history'],
  ...['length', 'location', 'moveBy', 'moveTo', 'name', 'open', 'opener', 'origin', 'parent', 'print', 'prompt'],
  ...['scroll', 'self', 'status', 'stop', 'top'],
].map((name) => ({ name, message: `Write globalThis.${name} if the browser's own is meant.` }));

/** Type-aware rules over every TypeScript file; plain rules over the few scripts. */
export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/coverage/**',
      'docs/site/**',
      'reports/**',
      'tooling/interop/.work/**',
      '**/.turbo/**',
      'data/**',
      'apps/server/console/**',
      'packages/envelope-native/crate/target/**',
    ],
  },
  js.configs.recommended,
  { rules: { 'no-restricted-syntax': ['error', zodAsNamespace] } },
  // The formatter leaves comments and texts as they are.
  {
    rules: {
      'max-len': [
        'error',
        { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true, ignorePattern: 'eslint-disable' },
      ],
    },
  },
  {
    // The title of a test is one line.
    files: ['**/*.test.ts', '**/*.interop.ts', '**/*.scale.ts'],
    rules: {
      'max-len': [
        'error',
        {
          code: 120,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
          ignorePattern: 'eslint-disable',
        },
      ],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tooling/config/tsconfig.check.json', './apps/web-console/tsconfig.json'],
        tsconfigRootDir: new URL('../..', import.meta.url).pathname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // What a package throws has a code, by which its users tell one error from another.
    files: ['packages/*/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/test-support/**', '**/test-support.ts', 'packages/storage-testkit/**'],
    rules: {
      'no-restricted-syntax': ['error', zodAsNamespace, ...errorsWithCodes],
    },
  },
  {
    files: ['apps/web-console/src/**/*.ts', 'apps/web-console/src/**/*.tsx'],
    rules: { 'no-restricted-globals': ['error', ...namesOfTheWindow] },
  },
  {
    files: ['**/*.test.ts', 'packages/{storage-testkit,store-memory}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      'require-yield': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
