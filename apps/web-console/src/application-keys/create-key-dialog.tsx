import type { BucketId, Capability } from '@coffer/b2-schema';
import { ClientError } from '@coffer/client';
import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useBuckets } from '../buckets/bucket-queries.ts';
import { countOf } from '../format/bytes.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { CheckList } from '../ui/check-list.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { RadioGroup, Select, TextField, type Choice } from '../ui/fields.tsx';
import { focusFirstInvalid } from '../ui/focus-invalid.ts';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { NumberField } from '../ui/small-fields.tsx';
import { capabilityGroups, fits, namesIn, type CapabilityGroup } from './capability-groups.ts';
import { useRefreshApplicationKeys } from './key-queries.ts';
import { capabilitiesOfForm, durationOf, problemsOfForm, type KeyForm } from './key-request.ts';
import { NewKeyDialog, type NewKey } from './new-key-dialog.tsx';

const presetChoices: readonly Choice<KeyForm['preset']>[] = [
  { value: 'readOnly', label: 'Read only', description: 'List and download files, and see settings of buckets.' },
  { value: 'readAndWrite', label: 'Read and write', description: 'Also upload, hide, delete and share files.' },
  { value: 'everything', label: 'Everything', description: 'All that your own key may do.' },
  { value: 'custom', label: 'Choose one by one' },
];

const unitChoices: readonly Choice<KeyForm['unit']>[] = [
  { value: 'never', label: 'Never' },
  { value: 'days', label: 'After days' },
  { value: 'hours', label: 'After hours' },
];

const emptyForm: KeyForm = {
  keyName: '',
  preset: 'readAndWrite',
  chosen: [],
  isForBuckets: false,
  bucketIds: [],
  namePrefix: '',
  unit: 'never',
  duration: null,
};

/** Asks what a new key may do, makes it, and shows it once. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { client, rights } = useSession();
  const refresh = useRefreshApplicationKeys();
  const { data: buckets } = useBuckets(rights.has('listBuckets'));
  const [form, setForm] = useState(emptyForm);
  const [wasTried, setWasTried] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [made, setMade] = useState<NewKey>();
  const capabilities = capabilitiesOfForm(form, (capability) => rights.has(capability));
  const problems = problemsOfForm(form, capabilities);
  const shown = wasTried ? problems : {};

  const create = async (): Promise<void> => {
    setWasTried(true);
    setFailure(undefined);
    if (Object.keys(problems).length > 0) return;
    setIsPending(true);
    try {
      const { applicationKey, ...key } = await client.api.createKey({
        keyName: form.keyName,
        capabilities: [...capabilities],
        ...(form.isForBuckets && { bucketIds: form.bucketIds as BucketId[] }),
        ...(form.namePrefix !== '' && { namePrefix: form.namePrefix }),
        validDurationInSeconds: durationOf(form),
      });
      const bucket = buckets?.find(({ bucketId }) => key.bucketIds?.includes(bucketId) === true)?.bucketName;
      setMade({ key, secret: applicationKey, bucket });
    } catch (error) {
      setFailure(error);
      setIsPending(false);
      return;
    }
    await refresh();
  };

  if (made) return <NewKeyDialog made={made} onClose={onClose} />;
  return (
    // While the server makes the key, closing it would lose what is shown only once.
    <Dialog title="Create an application key" isOpen onClose={onClose} size="wide" mustBeAnswered={isPending}>
      <Form
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
          focusFirstInvalid(event.currentTarget);
        }}
      >
        <TextField
          label="Name"
          value={form.keyName}
          onChange={(keyName) => {
            setForm({ ...form, keyName });
          }}
          error={shown.keyName}
          autoFocus
          autoComplete="off"
          spellCheck="false"
          isMono
          description="By which you find it again: 1 to 100 letters, digits or hyphens."
        />
        <BucketsField form={form} setForm={setForm} error={shown.bucketIds} />
        <RadioGroup
          label="What it may do"
          choices={presetChoices}
          value={form.preset}
          onChange={(preset) => {
            setForm({ ...form, preset, chosen: capabilities });
          }}
        />
        {form.preset === 'custom' ? (
          <CapabilityFields form={form} setForm={setForm} error={shown.capabilities} />
        ) : (
          <p className="small soft capability-names">
            {countOf(capabilities.length, 'capability', 'capabilities')}: {capabilities.join(', ')}
          </p>
        )}
        <TextField
          label="Prefix of the file names"
          value={form.namePrefix}
          onChange={(namePrefix) => {
            setForm({ ...form, namePrefix });
          }}
          error={shown.namePrefix}
          autoComplete="off"
          spellCheck="false"
          isMono
          description="The key is only for files whose names begin with it, such as backup/. Empty: for all."
        />
        <div className="duration">
          <Select
            label="Expires"
            choices={unitChoices}
            value={form.unit}
            onChange={(unit) => {
              setForm({ ...form, unit });
            }}
          />
          {form.unit !== 'never' && (
            <NumberField
              label={form.unit === 'days' ? 'Days' : 'Hours'}
              value={form.duration}
              onChange={(duration) => {
                setForm({ ...form, duration });
              }}
              error={shown.duration}
              description={form.unit === 'days' ? '1 to 1,000.' : '1 to 24,000.'}
            />
          )}
        </div>
        <CreateFailure failure={failure} />
        <DialogActions>
          <Button onPress={onClose} isDisabled={isPending}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Create
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly form: KeyForm;
  readonly setForm: (form: KeyForm) => void;
  readonly error: string | undefined;
}

function BucketsField({ form, setForm, error }: FieldsProps) {
  const { rights } = useSession();
  const mayList = rights.has('listBuckets');
  const { data: buckets = [] } = useBuckets(mayList);
  const canChoose = mayList && buckets.length > 0;
  return (
    <>
      <RadioGroup
        label="Buckets"
        choices={[
          { value: 'all', label: 'All buckets', description: 'Also those that are made later.' },
          {
            value: 'some',
            label: 'Some buckets',
            isDisabled: !canChoose,
            ...(!canChoose && {
              description: mayList
                ? 'There is no bucket yet.'
                : 'Your own key lacks listBuckets, so none can be chosen.',
            }),
          },
        ]}
        value={form.isForBuckets ? 'some' : 'all'}
        onChange={(choice) => {
          setForm({ ...form, isForBuckets: choice === 'some' });
        }}
      />
      {form.isForBuckets && (
        <div className="bucket-choice">
          <CheckList
            label="Buckets of this key"
            choices={buckets.map(({ bucketId, bucketName }) => ({ value: bucketId, label: bucketName }))}
            value={form.bucketIds}
            onChange={(bucketIds) => {
              setForm({ ...form, bucketIds });
            }}
            error={error}
          />
        </div>
      )}
    </>
  );
}

function CapabilityFields({ form, setForm, error }: FieldsProps) {
  const { rights } = useSession();
  const descriptionOf = (capability: Capability, what = ''): string => {
    if (!fits(capability, form.isForBuckets)) return `${what} Only for keys of all buckets.`;
    return rights.has(capability) ? what : `${what} Your own key does not have it.`;
  };
  return (
    <div className="stack">
      <div className="capability-groups">
        {capabilityGroups.map((group: CapabilityGroup) => {
          const names = namesIn(group);
          return (
            <CheckList
              key={group.title}
              label={group.title}
              choices={names.map((value) => ({
                value,
                label: value,
                description: descriptionOf(value, group.capabilities[value]),
                isDisabled: !fits(value, form.isForBuckets),
              }))}
              value={names.filter((name) => form.chosen.includes(name) && fits(name, form.isForBuckets))}
              onChange={(chosen) => {
                setForm({ ...form, chosen: [...form.chosen.filter((one) => !names.includes(one)), ...chosen] });
              }}
            />
          );
        })}
      </div>
      {error !== undefined && (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

function CreateFailure({ failure }: { readonly failure: unknown }) {
  if (failure === undefined) return null;
  if (!ClientError.is(failure, 'unauthorized')) {
    return <ErrorNotice title="The key could not be created" error={failure} />;
  }
  return (
    <Notice kind="danger" title="The server does not let this key make such a key">
      It may be set to let a key make only keys that may do no more than itself: no capability that your own key does
      not have, no other bucket or name, and for no longer.
    </Notice>
  );
}
