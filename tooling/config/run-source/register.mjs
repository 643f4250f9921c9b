// node --conditions=@coffer/source --import=THIS FILE.ts: runs TypeScript sources in a process of their own.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
