import type { HeaderPair } from '@coffer/http';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * What every page and every script of the console is sent with. Scripts and styles come from files of the console only;
 * nothing else may run, and nobody may show the pages in a frame.
 */
export const pageHeaders: readonly HeaderPair[] = [
  ['Content-Security-Policy', policy],
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
