import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileInfoKeyProblem, fileInfoSize, fileInfoSizeLimit, readFileInfo } from './file-info.ts';
import { uploadFileHeaders } from '../requests/upload-headers.ts';

describe('readFileInfo', () => {
  it('stores names in lower case and values as they are', () => {
    const entries = [
      ['Large_File_SHA1', 'x'],
      ['sse_c_key_id', 'line\nüber 自由'],
      ["-_.~!#$%^&*'+|`", ''],
    ] as const;
    expect(readFileInfo(entries)).toEqual({
      ok: true,
      value: { large_file_sha1: 'x', sse_c_key_id: 'line\nüber 自由', "-_.~!#$%^&*'+|`": '' },
    });
  });

  it("takes more than ten entries, and names of an object's own members", () => {
    const entries = [
      ...Array.from({ length: 20 }, (_, i): [string, string] => [`k${i}`, 'v']),
      ['constructor', 'v'] as const,
    ];
    const read = readFileInfo(entries);
    expect(read.ok && Object.keys(read.value)).toHaveLength(21);
  });

  it.each<[string, [string, string][]]>([
    ['an empty name', [['', 'x']]],
    ['a space', [['a b', 'x']]],
    ['a colon', [['a:b', 'x']]],
    ['a letter beyond ASCII', [['ü', 'x']]],
    ['a long name', [['k'.repeat(51), 'x']]],
    ['__proto__', [['__proto__', 'x']]],
    ['__proto__ in capitals', [['__PROTO__', 'x']]],
    ['a reserved name', [['b2-something', 'x']]],
    ['a reserved name in capitals', [['B2-Something', 'x']]],
    ['a lone surrogate', [['a', '\ud800']]],
    ['a bad special value', [['b2-expires', 'never']]],
    ['two names that differ in case', [['a', 'x'], ['A', 'x']]], // prettier-ignore
  ])('refuses %s', (_, entries) => {
    expect(readFileInfo(entries).ok).toBe(false);
  });
});

describe('fileInfoKeyProblem', () => {
  it('takes 50 bytes', () => {
    expect(fileInfoKeyProblem('k'.repeat(50))).toBeUndefined();
  });
});

describe('fileInfoSize', () => {
  it('counts names of headers and encoded values', () => {
    expect(fileInfoSize('a b', {})).toBe('X-Bz-File-Name'.length + 'a%20b'.length);
    expect(fileInfoSize('a', { key: '自' })).toBe('X-Bz-File-Namea'.length + 'X-Bz-Info-key%E8%87%AA'.length);
  });

  it('is what the headers have, for any name and info', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    const key = fc.stringMatching(/^[a-z0-9._-]{1,20}$/).filter((name) => !name.startsWith('b2-'));
    fc.assert(
      fc.property(text, fc.dictionary(key, text), (fileName, fileInfo) => {
        const headers = uploadFileHeaders.print({
          fileName,
          fileInfo,
          contentType: 'text/plain',
          contentSha1: { kind: 'doNotVerify' },
        });
        const counted = headers.filter(([name]) => /^X-Bz-(File-Name|Info-)/.test(name));
        const expected = counted.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
        expect(fileInfoSize(fileName, fileInfo)).toBe(expected);
      }),
    );
  });

  it('has a lower limit with encryption or Object Lock', () => {
    expect(fileInfoSizeLimit({ isEncrypted: false, isLockable: false })).toBe(7000);
    expect(fileInfoSizeLimit({ isEncrypted: true, isLockable: false })).toBe(2048);
    expect(fileInfoSizeLimit({ isEncrypted: false, isLockable: true })).toBe(2048);
  });
});
