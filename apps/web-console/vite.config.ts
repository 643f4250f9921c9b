import react from '@vitejs/plugin-react';
import { defineConfig, defaultClientConditions } from 'vite';

/** While the console is developed: a server whose API it uses, as if both had one origin. */
const server = process.env['COFFER_URL'] ?? 'http://127.0.0.1:8920';
const proxy = Object.fromEntries(['/b2api', '/file', '/cofferapi'].map((path) => [path, { target: server }]));

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@coffer/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    // Nothing may be inlined: the pages' content security policy takes scripts and styles from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The limit that counts is that of the first load, which the tests check.
    chunkSizeWarningLimit: 1_000,
  },
  worker: { format: 'es' },
  server: { proxy },
  preview: { proxy },
});
