import type { CustomerKey } from '@coffer/sse-schema';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { DropZone, type DropZoneProps } from 'react-aria-components/DropZone';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Form } from 'react-aria-components/Form';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { TextField } from '../ui/fields.tsx';
import { FileIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { keyIdProblem, largestKeyFile, newKeyId, readKeyFile, readKeyText, type ReadKey } from './key-text.ts';
import { useKnownKeys } from './known-keys.ts';
import './customer-keys.css';

interface BringKeyFormProps {
  /** The id that the key has, where that is known; it cannot be changed then. */
  readonly id?: string | undefined;
  /** What the button says. */
  readonly action: string;
  readonly onCancel: () => void;
  /** Called with the id and the key, which whoever takes it wipes. */
  readonly onKey: (id: string, key: CustomerKey) => void;
  /** More to be asked, above the buttons. */
  readonly children?: ReactNode;
}

interface FromFile {
  readonly fileName: string;
  readonly key: CustomerKey;
}

/** Takes a key that somebody types, or drops or chooses as a file. The tab does not know it by that. */
export function BringKeyForm({ id: givenId, action, onCancel, onKey, children }: BringKeyFormProps) {
  const known = useKnownKeys();
  const [id, setId] = useState(() => givenId ?? newKeyId());
  const [text, setText] = useState('');
  const [fromFile, setFromFile] = useState<FromFile>();
  const [problem, setProblem] = useState<string>();
  const held = useRef<CustomerKey>(undefined);
  useEffect(
    () => () => {
      held.current?.wipe();
    },
    [],
  );
  // An id that is given is that of a file, whatever it is made of.
  const idProblem = givenId === undefined ? keyIdProblem(id, known) : undefined;

  const hold = (next: FromFile | undefined): void => {
    held.current?.wipe();
    held.current = next?.key;
    setFromFile(next);
  };
  /** The JSON of a key file that is pasted names its id. */
  const takeIdOf = (value: string): void => {
    if (givenId !== undefined || !value.trimStart().startsWith('{')) return;
    const read = readKeyText(value);
    if (read.problem !== undefined) return;
    read.key.wipe();
    if (read.id !== undefined) setId(read.id);
  };
  const readFile = async (file: Pick<File, 'name' | 'size' | 'arrayBuffer'>): Promise<void> => {
    const read: ReadKey =
      file.size > largestKeyFile
        ? { problem: 'This file is too large to be a key file.' }
        : readKeyFile(new Uint8Array(await file.arrayBuffer()));
    setText('');
    setProblem(read.problem);
    hold(read.problem === undefined ? { fileName: file.name, key: read.key } : undefined);
    if (read.problem === undefined && read.id !== undefined && givenId === undefined) setId(read.id);
  };
  const readFileSafely = (file: Pick<File, 'name' | 'size' | 'arrayBuffer'>): void => {
    readFile(file).catch(() => {
      setProblem('This file cannot be read.');
    });
  };
  const drop: DropZoneProps['onDrop'] = ({ items }) => {
    const [item] = items;
    if (item?.kind === 'file') void item.getFile().then(readFileSafely);
    else setProblem('Drop one key file.');
  };
  const add = (): void => {
    const read: ReadKey = fromFile ? { key: fromFile.key, id: undefined } : readKeyText(text);
    setProblem(read.problem);
    if (read.problem !== undefined) return;
    setText('');
    // It is handed on, and not wiped with this form.
    held.current = undefined;
    setFromFile(undefined);
    onKey(id, read.key);
  };

  return (
    <Form
      className="stack"
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        if (idProblem === undefined) add();
      }}
    >
      <DropZone className="key-drop" aria-label="Key file" onDrop={drop} getDropOperation={() => 'copy'}>
        {fromFile ? (
          <p role="status">
            The key was read from <Name>{fromFile.fileName}</Name>.
          </p>
        ) : (
          <p className="soft small">Drop a key file here, choose one, or type the key below.</p>
        )}
        <FileTrigger
          onSelect={(files) => {
            const file = files?.[0];
            if (file) readFileSafely(file);
          }}
        >
          <Button icon={FileIcon}>Choose a key file</Button>
        </FileTrigger>
      </DropZone>
      <TextField
        label="Key"
        type="password"
        value={text}
        onChange={(value) => {
          setText(value);
          takeIdOf(value);
          setProblem(undefined);
          hold(undefined);
        }}
        error={problem}
        isMono
        autoComplete="off"
        spellCheck="false"
        description="32 bytes in base64 or hexadecimal. It stays in the memory of this tab."
      />
      {givenId === undefined && (
        <TextField
          label="Id of the key"
          value={id}
          onChange={setId}
          error={idProblem}
          isMono
          description="No secret. It is written into the info of each file (sse_c_key_id)."
        />
      )}
      {children}
      <DialogActions>
        <Button onPress={onCancel}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          isDisabled={idProblem !== undefined || (fromFile === undefined && text.trim() === '')}
        >
          {action}
        </Button>
      </DialogActions>
    </Form>
  );
}

interface BringKeyDialogProps {
  readonly onClose: () => void;
  /** Called with the id of the key, which the tab knows then. */
  readonly onAdded: (id: string) => void;
}

export function BringKeyDialog({ onClose, onAdded }: BringKeyDialogProps) {
  const { customerKeys } = useSession();
  return (
    <Dialog title="Bring a customer key" isOpen onClose={onClose}>
      <BringKeyForm
        action="Add the key"
        onCancel={onClose}
        onKey={(id, key) => {
          customerKeys.add(id, key);
          key.wipe();
          onAdded(id);
        }}
      />
    </Dialog>
  );
}
