/** Where in a process a share of the time was spent, as perf names it. */
interface Place {
  /** The program, library or kernel. */
  readonly object: string;
  readonly symbol: string;
}

interface Group {
  readonly name: string;
  readonly object?: RegExp;
  readonly symbol?: RegExp;
}

const kernel = /^\[(?:kernel|guest)|^\[[a-z0-9_]+\]$/;

/** The first that fits. */
const groups: readonly Group[] = [
  { name: 'native engine: ciphers', object: /^coffer-envelope.*\.node$/ },
  { name: 'kernel: copying', object: kernel, symbol: /copy|memmove|rep_movs|csum/ },
  { name: 'kernel: memory', object: kernel, symbol: /clear_page|page_fault|folio|alloc_page|mmap|pte|vma|tlb|lru/ },
  { name: 'kernel: the rest', object: kernel },
  { name: 'LMDB', object: /lmdb/ },
  { name: 'MD5', symbol: /md5/i },
  { name: 'SHA-1', symbol: /sha1/i },
  { name: 'SHA-256 and SHA-512', symbol: /sha(?:256|512)/i },
  { name: 'AES-GCM', symbol: /aes|gcm|ghash|gctr/i },
  { name: 'copying in the process', object: /libc/, symbol: /mem(?:cpy|move|set)/ },
  { name: 'malloc and free', object: /libc/, symbol: /alloc|free|unlink_chunk/ },
  {
    name: 'rest of OpenSSL',
    symbol: /^(?:ossl|evp|openssl|crypto|bn|err|lh|asn1|der|rand|ssl)_|_(?:provider|algorithm)s?\b/i,
  },
  { name: 'HTTP parsing', symbol: /llhttp/ },
  {
    name: 'garbage collection',
    symbol:
      /^v8::(?:internal::)?.*(?:Scaveng|MarkCompact|Marking|Sweep|Evacuat|Heap::|GlobalHandles|GarbageCollect|YoungGeneration)|^heap::base::/,
  },
  { name: 'JavaScript', object: /^\[JIT\]|^perf-\d+\.map$|^\/\/anon|^\[anon\]/ },
  { name: 'JavaScript', symbol: /^Builtins_|^v8::internal::(?:Builtin|Runtime|IC|KeyedLoadIC|LoadIC|StoreIC)/ },
  {
    name: 'compiling JavaScript',
    symbol: /^v8::internal::(?:compiler|interpreter|baseline|maglev|Parser|Scanner|wasm)/,
  },
  { name: 'rest of V8 and Node', object: /^node$/ },
];

/** What the time was spent for. */
export function groupOf({ object, symbol }: Place): string {
  const fits = (pattern: RegExp | undefined, text: string) => pattern?.test(text) ?? true;
  return groups.find((each) => fits(each.object, object) && fits(each.symbol, symbol))?.name ?? 'other';
}

/** The groups of V8's own profile, which knows functions of JavaScript and names of native ones. */
export function groupOfFrame({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code, not told apart';
  if (url === '') return `native: ${functionName || 'unnamed'}`;
  return url.startsWith('node:') ? 'JavaScript of Node' : 'JavaScript of Coffer';
}
