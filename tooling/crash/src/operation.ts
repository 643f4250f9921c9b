import type { Content } from './content.ts';
import type { Encryption } from './encryption.ts';

/** What the server may be asked for; enough to tell whether it happened. */
export type Operation =
  | {
      readonly do: 'upload' | 'copy' | 'start';
      readonly name: string;
      readonly encryption: Encryption;
      readonly content: Content;
    }
  | { readonly do: 'part' | 'copy part'; readonly fileId: string; readonly number: number; readonly content: Content }
  | { readonly do: 'finish'; readonly fileId: string; readonly content: Content }
  | { readonly do: 'hide'; readonly name: string }
  | { readonly do: 'delete' | 'cancel'; readonly fileId: string }
  | { readonly do: 'create key' | 'create bucket'; readonly name: string }
  | { readonly do: 'update bucket'; readonly id: string; readonly note: string }
  | { readonly do: 'delete key' | 'delete bucket'; readonly id: string };
