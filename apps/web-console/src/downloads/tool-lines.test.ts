import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { b2Lines, rcloneLines, type ToolLines } from './tool-lines.ts';

const lines: ToolLines = {
  ...{ apiUrl: 'https://files.example', keyId: '0014a98f9d9e8d00000000001', bucketName: 'my-bucket' },
  ...{ fileName: "it's/$(touch x) `y`\\.txt", fileId: '4_z8d625eb63be2775577c70e1a_f1000', target: "it's $HOME" },
  mode: 'SSE-C',
};

/** Runs the lines with functions in the place of the tools, which print what they were given. */
function run(text: string, input: string): string {
  const tools = ['b2', 'rclone', 'stty'].map((tool) => `${tool}() { printf '<%s>' ${tool} "$@"; echo; }\n`).join('');
  const shown = 'printf "%s|" "$B2_SOURCE_SSE_C_KEY_B64" "$RCLONE_B2_SSE_CUSTOMER_KEY_BASE64" "$B2_ENVIRONMENT"';
  return execFileSync('sh', ['-c', `${tools}${text}\n${shown}`], { input, encoding: 'utf8' });
}

describe('lines to paste', () => {
  it('give the b2 tool exactly the file, and the keys by the environment', () => {
    const output = run(b2Lines(lines), 'appkey\ncustomerkey\n');
    expect(output).toContain(
      `<b2><file><download><--source-server-side-encryption><SSE-C><b2id://${lines.fileId}><./it's $HOME>`,
    );
    expect(output).toContain('customerkey||https://files.example|');
    expect(b2Lines({ ...lines, mode: 'SSE-B2' })).not.toContain('SSE');
  });

  it('hide what the b2 tool says of the key, and what is typed from before the question on', () => {
    const output = run(b2Lines(lines), 'appkey\ncustomerkey\n');
    expect(output).not.toContain('<account><authorize>');
    expect(output.indexOf('<stty><-echo>')).toBeLessThan(output.indexOf('Application key: '));
    expect(output.indexOf('<stty><-echo>')).toBeGreaterThanOrEqual(0);
  });

  it('give rclone exactly the name', () => {
    const output = run(rcloneLines(lines), 'appkey\ncustomerkey\n');
    expect(output).toContain(`<rclone><copyto><:b2:my-bucket/${lines.fileName}><./it's $HOME>`);
    expect(output).toContain('|customerkey|');
  });
});
