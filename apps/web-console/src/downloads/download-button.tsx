import { lazy, Suspense, useState } from 'react';
import { useConsoleSettingsQuery } from '../session/console-settings.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { DownloadIcon } from '../ui/icons.ts';
import { tellError } from '../ui/toast.tsx';
import type { DownloadKey } from './download-key.ts';
import { startDownload } from './downloads.ts';
import type { DownloadableFile } from './downloadable-file.ts';

const ToolDialog = lazy(() => import('./tool-dialog.tsx').then((module) => ({ default: module.ToolDialog })));
const FileKeyDialog = lazy(() => import('./file-key-dialog.tsx').then((module) => ({ default: module.FileKeyDialog })));

interface DownloadButtonProps {
  readonly bucketName: string;
  readonly file: DownloadableFile;
}

/**
 * Downloads a file, or says why that is not possible here and how to get it elsewhere. Nothing if the key may not read
 * it.
 */
export function DownloadButton({ bucketName, file }: DownloadButtonProps) {
  const session = useSession();
  const { rights, customerKeys } = session;
  const { data: settings, refetch } = useConsoleSettingsQuery();
  const [isOpen, setIsOpen] = useState<'tool' | 'key'>();
  const [isKeyWrong, setIsKeyWrong] = useState(false);
  if (!rights.has('readFiles') || !file.fileName.startsWith(rights.namePrefix)) return null;

  const isRefused = file.mode !== null && settings?.encryptedDownloads !== true;
  const close = (): void => {
    setIsOpen(undefined);
  };
  /** Waits for what the server says that it hands out, asks again if that has failed, and says if it fails again. */
  const ask = async (): Promise<void> => {
    const { data, error } = await refetch({ cancelRefetch: false });
    if (error !== null) tellError('The server could not be asked whether it hands out encrypted files', error);
    else if (data?.encryptedDownloads !== true) setIsOpen('tool');
  };
  const press = (): void => {
    if (file.mode !== null && settings === undefined) {
      void ask();
      return;
    }
    if (isRefused || (file.mode === 'SSE-C' && !isSecureContext)) {
      setIsOpen('tool');
      return;
    }
    if (file.mode !== 'SSE-C') {
      startDownload(session, { bucketName, file });
      return;
    }
    const keyId = file.fileInfo['sse_c_key_id'];
    if (keyId !== undefined && !isKeyWrong && customerKeys.encryption(keyId) !== undefined) startWith({ id: keyId });
    else setIsOpen('key');
  };
  const startWith = (key: DownloadKey): void => {
    if (key.brought?.mayReplace !== false) setIsKeyWrong(false);
    const onWrongKey = (): void => {
      // One that was brought is not asked for by its id again: the tab does not know it.
      setIsKeyWrong(customerKeys.known().some(({ id }) => id === key.id));
    };
    startDownload(session, { bucketName, file, key, onWrongKey });
  };
  return (
    <>
      <Button icon={DownloadIcon} onPress={press}>
        {isRefused ? 'Download …' : 'Download'}
      </Button>
      <Suspense>
        {isOpen === 'tool' && <ToolDialog bucketName={bucketName} file={file} isAllowed={!isRefused} onClose={close} />}
        {isOpen === 'key' && <FileKeyDialog file={file} onClose={close} onKey={startWith} />}
      </Suspense>
    </>
  );
}
