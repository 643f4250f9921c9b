import { bucketNameProblem, type BucketType } from '@coffer/b2-schema';
import { ClientError } from '@coffer/client';
import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Checkbox, RadioGroup, TextField } from '../ui/fields.tsx';
import { focusFirstInvalid } from '../ui/focus-invalid.ts';
import { ErrorNotice } from '../ui/notice.tsx';
import { tellDone } from '../ui/toast.tsx';
import { useRefreshBuckets } from './bucket-queries.ts';
import { encryptionChoices, typeChoices } from './setting-choices.ts';

/** Asks for what a new bucket needs, and makes it. Offers only the settings that the key may set. */
export function CreateBucketDialog({ onClose }: { readonly onClose: () => void }) {
  const { client, rights } = useSession();
  const refresh = useRefreshBuckets();
  const [name, setName] = useState('');
  const [type, setType] = useState<BucketType>('allPrivate');
  const [encryption, setEncryption] = useState<'none' | 'SSE-B2'>('SSE-B2');
  const [hasLock, setHasLock] = useState(false);
  const [wasTried, setWasTried] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const problem = bucketNameProblem(name);
  const isTaken = ClientError.is(failure, 'duplicate_bucket_name');

  const create = async (): Promise<void> => {
    setWasTried(true);
    setFailure(undefined);
    if (problem !== undefined) return;
    setIsPending(true);
    try {
      await client.api.createBucket({
        bucketName: name,
        bucketType: type,
        ...(rights.has('writeBucketEncryption') && { defaultServerSideEncryption: encryption }),
        ...(hasLock && { fileLockEnabled: true }),
      });
    } catch (error) {
      setFailure(error);
      setIsPending(false);
      return;
    }
    tellDone(`The bucket ${name} was created`);
    onClose();
    await refresh();
  };

  return (
    <Dialog title="Create a bucket" isOpen onClose={onClose}>
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
          value={name}
          onChange={(text) => {
            setName(text);
            setFailure(undefined);
          }}
          isMono
          autoFocus
          autoComplete="off"
          spellCheck="false"
          description="6 to 63 letters, digits, hyphens and dots, unlike the name of any other bucket of this server."
          error={isTaken ? 'There is a bucket of this name already.' : wasTried ? problem : undefined}
        />
        <RadioGroup label="Type" choices={typeChoices} value={type} onChange={setType} />
        {rights.has('writeBucketEncryption') && (
          <RadioGroup
            label="Default encryption"
            choices={encryptionChoices}
            value={encryption}
            onChange={setEncryption}
          />
        )}
        {rights.has('writeBucketRetentions') && (
          <Checkbox
            isSelected={hasLock}
            onChange={setHasLock}
            description="Lets file versions be protected from deletion until a time. It cannot be turned off again."
          >
            Turn on Object Lock
          </Checkbox>
        )}
        {failure !== undefined && !isTaken && <ErrorNotice title="The bucket could not be created" error={failure} />}
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Create
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
