import { isCapability } from '@coffer/b2-schema';
import { countOf } from '../format/bytes.ts';
import { formatExactTime } from '../format/time.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import { Facts } from '../ui/page.tsx';
import { capabilityGroups, namesIn, type CapabilityGroup } from './capability-groups.ts';
import { KeyBuckets } from './key-buckets.tsx';
import type { ApplicationKey } from './key-queries.ts';

interface KeyDetailsDialogProps {
  readonly applicationKey: ApplicationKey;
  readonly bucketNames: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

/** All that is known of a key, except for the key itself. */
export function KeyDetailsDialog({ applicationKey, bucketNames, onClose }: KeyDetailsDialogProps) {
  const { applicationKeyId, keyName, capabilities, namePrefix, expirationTimestamp } = applicationKey;
  return (
    <Dialog title={<Name>{keyName}</Name>} isOpen onClose={onClose} size="wide">
      <Facts
        facts={[
          ['Key id', <code key="id">{applicationKeyId}</code>],
          ['Buckets', <KeyBuckets key="buckets" applicationKey={applicationKey} names={bucketNames} />],
          [
            'Prefix',
            namePrefix === null || namePrefix === '' ? 'None: all names' : <Name key="prefix">{namePrefix}</Name>,
          ],
          ['Expires', expirationTimestamp === null ? 'Never' : formatExactTime(expirationTimestamp)],
          ['May do', countOf(capabilities.length, 'capability', 'capabilities')],
        ]}
      />
      <CapabilityList capabilities={capabilities} />
      <DialogActions>
        <Button onPress={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}

/** Capabilities by their groups, each with what it allows. */
function CapabilityList({ capabilities }: { readonly capabilities: readonly string[] }) {
  const others = capabilities.filter((name) => !isCapability(name));
  return (
    <div className="capability-groups">
      {capabilityGroups.map((group: CapabilityGroup) => {
        const names = namesIn(group).filter((name) => capabilities.includes(name));
        if (names.length === 0) return null;
        return (
          <div key={group.title} className="stack tight">
            <h3>{group.title}</h3>
            <ul className="capability-list">
              {names.map((name) => (
                <li key={name}>
                  <code>{name}</code> <span className="soft small">{group.capabilities[name]}</span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      {others.length > 0 && (
        <div className="stack tight">
          <h3>Others</h3>
          <Name>{others.join(', ')}</Name>
        </div>
      )}
    </div>
  );
}
