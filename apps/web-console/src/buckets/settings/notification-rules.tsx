import { maxNotificationRules, notificationEventTypes, notificationRulesField } from '@coffer/b2-schema';
import { useSession } from '../../session/session-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckList } from '../../ui/check-list.tsx';
import { Switch, TextField, type Choice } from '../../ui/fields.tsx';
import { KeyIcon } from '../../ui/icons.ts';
import { Name } from '../../ui/name.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Loading, Section } from '../../ui/page.tsx';
import type { Bucket } from '../bucket-queries.ts';
import { useNotificationRules, useRefreshNotificationRules, type ServedRule } from '../notification-queries.ts';
import { lackingText } from './bucket-settings.ts';
import { printDraft } from './json-draft.ts';
import {
  cleanRule,
  draftOf,
  headerPairs,
  makeSigningSecret,
  settledEventTypes,
  withHeaders,
  type NotificationDraft,
} from './notification-draft.ts';
import { PairsField } from './pairs-field.tsx';
import { problemAt } from '../../format/problems.ts';
import type { RuleFieldsProps, RuleKind } from './rule-kind.ts';
import { RulesSection } from './rules-section.tsx';
import { NotVisibleSection } from './settings-section.tsx';
import { NumberField } from '../../ui/small-fields.tsx';
import { changedElsewhere } from './use-save.ts';

const title = 'Event notifications';
const mostHeaders = 10;

const eventChoices: readonly Choice<string>[] = [
  { value: 'b2:ObjectCreated:*', label: 'All that makes files', description: 'b2:ObjectCreated:*' },
  ...notificationEventTypes.map((value) => ({ value, label: value })),
  { value: 'b2:ObjectDeleted:*', label: 'All that deletes files', description: 'b2:ObjectDeleted:*' },
  { value: 'b2:HideMarkerCreated:*', label: 'All that hides files', description: 'b2:HideMarkerCreated:*' },
].toSorted((one, other) => categoryOrder(one.value) - categoryOrder(other.value));

/** Categories in the order of the table of types, and in each the choice of all first. */
function categoryOrder(type: string): number {
  const category = type.slice(0, type.lastIndexOf(':'));
  const first = notificationEventTypes.findIndex((each) => each.startsWith(`${category}:`));
  return first + (type.endsWith(':*') ? 0 : 0.5);
}

function NotificationFields({ rule, onChange, problems }: RuleFieldsProps<NotificationDraft>) {
  const { targetConfiguration: target } = rule;
  const setTarget = (changes: Partial<NotificationDraft['targetConfiguration']>): void => {
    onChange({ ...rule, targetConfiguration: { ...target, ...changes } });
  };
  const known = eventChoices.map(({ value }) => value);
  return (
    <>
      <TextField
        label="Rule name"
        value={rule.name}
        onChange={(name) => {
          onChange({ ...rule, name });
        }}
        error={problemAt(problems, 'name')}
        autoFocus
        autoComplete="off"
        isMono
        description="6 to 63 letters, digits or hyphens."
      />
      <Switch
        label="Enabled"
        isSelected={rule.isEnabled}
        onChange={(isEnabled) => {
          onChange({ ...rule, isEnabled });
        }}
        description="Events are recorded and sent only while it is."
      />
      <CheckList
        label="Events"
        description="Either all of a kind or single ones of it."
        choices={eventChoices}
        value={known.filter((value) => rule.eventTypes.includes(value))}
        onChange={(chosen) => {
          const unknown = rule.eventTypes.filter((type) => !known.includes(type));
          onChange({ ...rule, eventTypes: settledEventTypes(rule.eventTypes, [...chosen, ...unknown]) });
        }}
        error={problemAt(problems, 'eventTypes')}
      />
      <TextField
        label="Prefix of the file names"
        value={rule.objectNamePrefix}
        onChange={(objectNamePrefix) => {
          onChange({ ...rule, objectNamePrefix });
        }}
        error={problemAt(problems, 'objectNamePrefix')}
        autoComplete="off"
        spellCheck="false"
        isMono
        description="Only of files whose names begin with it. Empty: of all files."
      />
      <TextField
        label="URL of the webhook"
        type="url"
        value={target.url}
        onChange={(url) => {
          setTarget({ url });
        }}
        error={problemAt(problems, 'targetConfiguration', 'url')}
        autoComplete="off"
        spellCheck="false"
        isMono
        placeholder="https://example.com/events"
      />
      <NumberField
        label="Events in one message, at most"
        value={rule.maxEventsPerBatch}
        onChange={(maxEventsPerBatch) => {
          onChange({ ...rule, maxEventsPerBatch });
        }}
        error={problemAt(problems, 'maxEventsPerBatch')}
        description="1 to 50. Empty: 1."
      />
      <div className="secret-field">
        <TextField
          label="Signing secret"
          type="password"
          value={target.hmacSha256SigningSecret ?? ''}
          onChange={(hmacSha256SigningSecret) => {
            setTarget({ hmacSha256SigningSecret });
          }}
          error={problemAt(problems, 'targetConfiguration', 'hmacSha256SigningSecret')}
          autoComplete="off"
          spellCheck="false"
          isMono
          description="32 letters or digits, by which the receiver knows that a message is genuine. May be empty."
        />
        <Button
          icon={KeyIcon}
          onPress={() => {
            setTarget({ hmacSha256SigningSecret: makeSigningSecret((bytes) => crypto.getRandomValues(bytes)) });
          }}
        >
          Make a secret
        </Button>
      </div>
      <PairsField
        label="Headers of each message"
        description="For what the receiver asks for. Their values are kept like secrets."
        one="a header"
        pairs={headerPairs(rule)}
        onChange={(pairs) => {
          onChange(withHeaders(rule, pairs));
        }}
        error={problemAt(problems, 'targetConfiguration', 'customHeaders')}
        areSecret
        most={mostHeaders}
      />
    </>
  );
}

function NotificationSummary({ rule }: { readonly rule: NotificationDraft }) {
  return (
    <>
      <span className="row">
        <strong>
          <Name>{rule.name}</Name>
        </strong>
        {!rule.isEnabled && <Badge>Off</Badge>}
        {rule.isSuspended === true && <Badge kind="danger">Suspended</Badge>}
      </span>
      {rule.isSuspended === true && typeof rule.suspensionReason === 'string' && (
        <span className="small">
          <Name>{rule.suspensionReason}</Name>
        </span>
      )}
      <span className="small">
        To <Name>{rule.targetConfiguration.url}</Name>
      </span>
      <span className="small soft">
        {rule.eventTypes.join(', ')} · {rule.objectNamePrefix === '' ? 'all files' : 'names that begin with '}
        {rule.objectNamePrefix !== '' && <Name>{rule.objectNamePrefix}</Name>}
      </span>
    </>
  );
}

const kind: RuleKind<NotificationDraft> = {
  title,
  description: 'Tells webhooks of files that are made, hidden and deleted.',
  one: 'notification rule',
  schema: notificationRulesField,
  most: maxNotificationRules,
  blank: {
    name: '',
    eventTypes: ['b2:ObjectCreated:*'],
    isEnabled: true,
    objectNamePrefix: '',
    maxEventsPerBatch: 1,
    targetConfiguration: { targetType: 'webhook', url: '', customHeaders: null, hmacSha256SigningSecret: null },
  },
  clean: cleanRule,
  isOrdered: false,
  nameOf: ({ name }) => name,
  Summary: NotificationSummary,
  Fields: NotificationFields,
};

export function NotificationRulesSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const mayRead = rights.has('readBucketNotifications');
  const { data, error, refetch } = useNotificationRules(bucket.bucketId, mayRead);
  if (!mayRead) return <NotVisibleSection title={title} capability="readBucketNotifications" />;
  if (data !== undefined) return <VisibleRules bucket={bucket} served={data} />;
  return (
    <Section title={title}>
      {error === null ? (
        <Loading what="Reading the rules" />
      ) : (
        <ErrorNotice title="The rules could not be read" error={error} onRetry={() => void refetch()} />
      )}
    </Section>
  );
}

interface VisibleRulesProps {
  readonly bucket: Bucket;
  readonly served: readonly ServedRule[];
}

function VisibleRules({ bucket: { bucketId }, served }: VisibleRulesProps) {
  const { client, rights } = useSession();
  const refresh = useRefreshNotificationRules();
  const stored = served.map(draftOf);
  const save = async (drafts: readonly NotificationDraft[]): Promise<void> => {
    // The operation knows no revision: what is there now is compared, so that hardly anything of others is lost.
    const { eventNotificationRules: present } = await client.api.getBucketNotificationRules({ bucketId });
    if (printDraft(present.map(draftOf)) !== printDraft(stored)) throw changedElsewhere();
    const rules = notificationRulesField.parse(drafts);
    await client.api.setBucketNotificationRules({ bucketId, eventNotificationRules: rules });
    await refresh();
  };
  return (
    <RulesSection
      kind={kind}
      stored={stored}
      readOnlyReason={rights.has('writeBucketNotifications') ? undefined : lackingText(['writeBucketNotifications'])}
      remark={
        rights.namePrefix !== '' && (
          <Notice>
            This key sees and sets only rules for names that begin with <Name>{rights.namePrefix}</Name>.
          </Notice>
        )
      }
      onSave={save}
      onReload={refresh}
    />
  );
}
