import { defaultModeOf, type Bucket } from '../buckets/bucket-queries.ts';
import { RadioGroup, Select, type Choice } from '../ui/fields.tsx';
import { visibleText } from '../format/visible-text.ts';
import { AddKeyButtons } from './add-key-buttons.tsx';
import { InsecureNotice } from './insecure-notice.tsx';
import { useKnownKeys } from './known-keys.ts';
import './customer-keys.css';

/** How a new file is to be encrypted. */
export type ChosenEncryption =
  | { readonly mode: 'default' }
  | { readonly mode: 'none' }
  | { readonly mode: 'SSE-B2' }
  /** `keyId`: of a key that the tab knows (`session.customerKeys`); undefined while none is chosen. */
  | { readonly mode: 'SSE-C'; readonly keyId: string | undefined };

interface EncryptionChoiceProps {
  /** Where the file goes. */
  readonly bucket: Bucket;
  readonly value: ChosenEncryption;
  /** Whether none can be chosen, too, where the bucket has no default. */
  readonly offersNone?: boolean;
  readonly onChange: (value: ChosenEncryption) => void;
}

/** Lets one choose how new files are encrypted, and make or bring a customer key. */
export function EncryptionChoice({ bucket, value, offersNone = false, onChange }: EncryptionChoiceProps) {
  const known = useKnownKeys();
  const choose = (mode: ChosenEncryption['mode']): void => {
    // The key that was added last is most likely the one.
    onChange(mode === 'SSE-C' ? { mode, keyId: known.at(-1)?.id } : { mode });
  };
  return (
    <div className="stack">
      <RadioGroup label="Encryption" choices={choicesFor(bucket, offersNone)} value={value.mode} onChange={choose} />
      {value.mode === 'SSE-C' && (
        <KeyChoice
          keyId={value.keyId}
          onChange={(keyId) => {
            onChange({ mode: 'SSE-C', keyId });
          }}
        />
      )}
      {!isSecureContext && <InsecureNotice />}
    </div>
  );
}

function choicesFor(bucket: Bucket, offersNone: boolean): readonly Choice<ChosenEncryption['mode']>[] {
  return [
    defaultChoice(bucket),
    ...(offersNone ? [noneChoice(bucket)] : []),
    {
      value: 'SSE-B2',
      label: 'SSE-B2',
      description: 'Encrypted under a key that the server keeps. Whoever may read the file gets it decrypted.',
    },
    ...(isSecureContext
      ? [
          {
            value: 'SSE-C',
            label: 'SSE-C',
            description: 'Encrypted under a key of yours, which the server forgets. Without the key, the file is lost.',
          } as const,
        ]
      : []),
  ];
}

function defaultChoice(bucket: Bucket): Choice<'default'> {
  const mode = defaultModeOf(bucket);
  if (mode === undefined) {
    return {
      value: 'default',
      label: 'The bucket’s default',
      description: 'This key may not see what that is: it lacks the capability readBucketEncryption.',
    };
  }
  if (mode === 'none') {
    return { value: 'default', label: 'The bucket’s default: none', description: 'Stored as it is, not encrypted.' };
  }
  return {
    value: 'default',
    label: `The bucket’s default: ${mode}`,
    description: 'B2 has no way to ask for no encryption in a bucket that encrypts by default.',
  };
}

/** The server takes it as asking for nothing, so it is offered only where the default is known to be none. */
function noneChoice(bucket: Bucket): Choice<'none'> {
  const description = {
    none: 'Stored as it is. You are told if the bucket’s default was turned on meanwhile, and it was encrypted.',
    encrypts: 'Not possible: this bucket encrypts by default.',
    unknown: 'Not possible: this key may not see whether the bucket encrypts by default.',
  };
  const mode = defaultModeOf(bucket);
  const state = mode === undefined ? 'unknown' : mode === 'none' ? 'none' : 'encrypts';
  return { value: 'none', label: 'None', description: description[state], isDisabled: state !== 'none' };
}

interface KeyChoiceProps {
  readonly keyId: string | undefined;
  readonly onChange: (keyId: string) => void;
}

function KeyChoice({ keyId, onChange }: KeyChoiceProps) {
  const known = useKnownKeys();
  const isKnown = known.some(({ id }) => id === keyId);
  return (
    <div className="stack tight key-choice">
      {known.length === 0 ? (
        <p className="soft small">This tab knows no customer key yet.</p>
      ) : (
        <Select
          label="Customer key"
          choices={[
            ...(isKnown ? [] : [{ value: '', label: 'Choose a key' }]),
            ...known.map(({ id }) => ({ value: id, label: visibleText(id) })),
          ]}
          value={isKnown ? (keyId ?? '') : ''}
          onChange={onChange}
        />
      )}
      <AddKeyButtons onAdded={onChange} />
    </div>
  );
}
