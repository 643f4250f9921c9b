import type { HeaderPair } from '@coffer/http';

/**
 * What every page and every script of the console is sent with. Scripts and styles come from files of the console only;
 * nothing else may run, and nobody may show the pages in a frame.
 *
 * @param styleHashes Sources such as `sha256-…`, for `<style>` elements that libraries of the console make.
 */
export function pageHeaders(styleHashes: readonly string[]): readonly HeaderPair[] {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    ["style-src 'self'", ...styleHashes.map((hash) => `'${hash}'`)].join(' '),
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return [['Content-Security-Policy', policy], ...alwaysSent];
}

const alwaysSent: readonly HeaderPair[] = [
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  [
    'Permissions-Policy',
    [
      'camera=()',
      'display-capture=()',
      'geolocation=()',
      'microphone=()',
      'payment=()',
      'usb=()',
      'clipboard-read=()',
      'clipboard-write=(self)',
    ].join(', '),
  ],
];
