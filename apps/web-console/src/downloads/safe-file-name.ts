import { visibleText } from '../format/visible-text.ts';

/** Longest name of a file on the disk in bytes, with room for what browsers add. */
const longest = 200;
const encoder = new TextEncoder();

/**
 * The name on the disk for a file of a bucket: its last segment, in which nothing is hidden, and which every file
 * system takes. It never leads into another folder.
 */
export function safeFileName(fileName: string): string {
  const last = fileName.split('/').findLast((segment) => segment !== '') ?? '';
  const plain = visibleText(last.toWellFormed())
    .replace(/\\u\{([0-9a-f]+)\}/g, '(u$1)')
    .replace(/[<>:"|?*\\/]/g, '_')
    // A dot or a space at the end is dropped by Windows; one dot at the beginning hides a file elsewhere.
    .replace(/[. ]+$/, '')
    .replace(/^\.+/, '_');
  const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(plain) ? `_${plain}` : plain;
  return reserved === '' ? 'download' : shortened(reserved);
}

/** Keeps the extension, by which programs know what a file is. */
function shortened(name: string): string {
  if (encoder.encode(name).length <= longest) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  const room = longest - encoder.encode(extension).length;
  let kept = '';
  let length = 0;
  for (const character of name.slice(0, name.length - extension.length)) {
    length += encoder.encode(character).length;
    if (length > room) break;
    kept += character;
  }
  return `${kept}${extension}`;
}
