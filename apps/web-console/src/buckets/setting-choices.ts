import type { BucketType } from '@coffer/b2-schema';
import type { DefaultEncryption } from '@coffer/sse-schema';
import type { Choice } from '../ui/fields.tsx';

export const typeChoices: readonly Choice<BucketType>[] = [
  {
    value: 'allPrivate',
    label: 'Private',
    description: 'Downloads need an application key or a download authorization.',
  },
  { value: 'allPublic', label: 'Public', description: 'Whoever knows a file’s name can download it, without any key.' },
];

export const encryptionChoices: readonly Choice<DefaultEncryption>[] = [
  {
    value: 'SSE-B2',
    label: 'On: SSE-B2',
    description: 'The server encrypts new files with keys of its own, unless an upload asks for something else.',
  },
  { value: 'none', label: 'Off', description: 'New files are only encrypted if their upload asks for it.' },
];
