import { describe, expect, it } from 'vitest';
import { sharesOfReport } from './perf-report.ts';
import { groupOf } from './profile-groups.ts';

const report = [
  '# Overhead\tShared Object       \tSymbol',
  '#',
  ' 30.00% \t[kernel.kallsyms]   \t[k] rep_movs_alternative',
  ' 5.00% \t[kernel.kallsyms]   \t[k] _copy_to_iter',
  ' 25.50% \tnode                \t[.] ossl_md5_block_asm_data_order',
  ' 10.00% \t[JIT] tid 27044     \t[.] 0x00007f2e60005bdf',
  ' 4.50% \tnode                \t[.] Builtins_InterpreterEntryTrampoline',
  '',
].join('\n');

describe('a report of perf', () => {
  it('is summed up by what the time was spent for', () => {
    const shares = sharesOfReport(report);
    expect([...shares.keys()].sort()).toEqual(['JavaScript', 'MD5', 'kernel: copying']);
    expect(shares.get('kernel: copying')).toBeCloseTo(0.35);
    expect(shares.get('MD5')).toBeCloseTo(0.255);
    expect(shares.get('JavaScript')).toBeCloseTo(0.145);
  });

  it('without any row is an error, since nothing would look like a server that does nothing', () => {
    expect(() => sharesOfReport('# Overhead\tShared Object\tSymbol\n')).toThrow('no row');
  });

  it.each([
    ['node', 'aesni_ctr32_ghash_6x', 'AES-GCM'],
    ['node', 'gcm_ghash_avx', 'AES-GCM'],
    ['node', 'sha1_block_data_order_shaext', 'SHA-1'],
    ['node', 'llhttp__internal__run', 'HTTP parsing'],
    ['node', 'v8::internal::Scavenger::Process', 'garbage collection'],
    ['node', 'v8::internal::MarkCompactCollector::StartMarking', 'garbage collection'],
    ['node', 'v8::internal::Runtime_StackGuard', 'JavaScript'],
    ['node', 'uv__io_poll', 'rest of V8 and Node'],
    ['node', 'OPENSSL_LH_retrieve', 'rest of OpenSSL'],
    ['libc.so.6', '__memmove_avx_unaligned_erms', 'copying in the process'],
    ['libc.so.6', '_int_malloc', 'malloc and free'],
    ['coffer-envelope.node', '0x000000000002d3c0', 'native engine: ciphers'],
    ['[kernel.kallsyms]', 'clear_page_erms', 'kernel: memory'],
    ['[kernel.kallsyms]', 'tcp_sendmsg_locked', 'kernel: the rest'],
    ['[ext4]', 'ext4_map_blocks', 'kernel: the rest'],
    ['libsomething.so', 'anything', 'other'],
  ])('%s %s: %s', (object, symbol, group) => {
    expect(groupOf({ object, symbol })).toBe(group);
  });
});
