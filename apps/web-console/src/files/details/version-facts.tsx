import { formatExactBytes } from '../../format/bytes.ts';
import { formatExactTime } from '../../format/time.ts';
import { Name } from '../../ui/name.tsx';
import { isStored, type FileVersion } from '../file-rows.ts';

/** Which version a dialog is about: its name, time and size. */
export function VersionFacts({ version }: { readonly version: FileVersion }) {
  const { fileName, uploadTimestamp, action, contentLength } = version;
  const time = formatExactTime(uploadTimestamp);
  return (
    <div className="stack tight">
      <p>
        <Name>{fileName}</Name>
      </p>
      <p className="soft numbers">
        {isStored(version)
          ? `Version of ${time}, ${formatExactBytes(contentLength)}`
          : `${action === 'hide' ? 'Hidden' : 'Started'} ${time}`}
      </p>
    </div>
  );
}
