import { consoleOperations, type ParsedConsoleResponseOf } from '@coffer/console-schema';
import { useQuery } from '@tanstack/react-query';
import { countOf, formatBytes, formatCount } from '../format/bytes.ts';
import { formatDuration, formatTime } from '../format/time.ts';
import { useSession } from '../session/session-context.tsx';
import { Badge } from '../ui/badge.tsx';
import { BarChart } from '../ui/bar-chart.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { RefreshIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { Facts, Loading, Page, Section } from '../ui/page.tsx';
import { Coverage } from './coverage.tsx';
import './server-page.css';

type ServerState = ParsedConsoleResponseOf<'coffer_get_server'>;

/** Milliseconds after which the page asks again. */
const refreshMs = 15_000;

/** How the server is. For the master application key only. */
export function ServerPage() {
  const { client, keyId, account } = useSession();
  const isMaster = keyId === account.accountId;
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: ['server'],
    enabled: isMaster,
    refetchInterval: refreshMs,
    queryFn: ({ signal }) => client.call(consoleOperations.coffer_get_server, {}, { signal }),
  });
  return (
    <Page
      title="This server"
      actions={
        isMaster && (
          <Button icon={RefreshIcon} isDisabled={isFetching} onPress={() => void refetch()}>
            Refresh
          </Button>
        )
      }
    >
      {!isMaster ? (
        <Notice title="This key may not see the server">Sign in with the master application key.</Notice>
      ) : data ? (
        <ServerFacts state={data} />
      ) : isPending ? (
        <Loading />
      ) : (
        <ErrorNotice title="The server could not be asked" error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  );
}

function ServerFacts({ state }: { readonly state: ServerState }) {
  const { version, nodeVersion, startedAt, workers, outbox, scrub, quarantine } = state;
  return (
    <>
      <Troubles state={state} />
      <div className="server-columns">
        <Section title="Program">
          <Facts
            facts={[
              ['Version', version],
              ['Node.js', nodeVersion],
              ['Running since', `${formatTime(startedAt)} (${formatDuration((Date.now() - startedAt) / 1_000)})`],
              ['Processes that serve', formatCount(workers)],
            ]}
          />
        </Section>
        <Section title="Store">
          <Facts
            facts={[
              ['State', <StoreBadge key="state" state={state.store.state} />],
              [
                'Last verification',
                scrub === null
                  ? 'off'
                  : scrub.finishedAt === null
                    ? `none has ended yet, ${formatBytes(scrub.bytes)} read since the start`
                    : formatTime(scrub.finishedAt),
              ],
              ['Damaged', scrub === null ? undefined : formatCount(scrub.damaged)],
              ['Blobs without a file', formatCount(quarantine.held + quarantine.leftInPlace)],
              [
                'Events to be delivered',
                outbox.events === 0
                  ? 'none'
                  : `${countOf(outbox.events, 'event')}, the oldest for ${formatDuration(outbox.oldestSeconds)}`,
              ],
            ]}
          />
        </Section>
      </div>
      <Section title="The last hour">
        <Requests requests={state.requests} />
      </Section>
      <Section
        title="Keyring"
        description="Global keys that wrap the keys of SSE-B2 files. What is shown are their ids, never the keys."
      >
        <DataTable
          label="Global keys"
          items={state.keyring}
          idOf={({ id }) => id}
          empty={<Notice title="The keyring is empty" />}
          columns={[
            { id: 'id', title: 'Id', isRowHeader: true, render: ({ id }) => <Name>{id}</Name> },
            { id: 'state', title: 'State', shown: 'phone', render: ({ state: of }) => <KeyBadge state={of} /> },
            { id: 'created', title: 'Made', render: ({ createdAt }) => formatTime(createdAt) },
          ]}
        />
      </Section>
      <Section
        title="Encryption coverage"
        description="File versions by their encryption. Counting reads whole lists, so it is done when you ask for it."
      >
        <Coverage />
      </Section>
    </>
  );
}

/** What an operator has to look at, first of all. */
function Troubles({ state }: { readonly state: ServerState }) {
  const { shortcoming, store, clockDoubted, scrub, quarantine } = state;
  return (
    <>
      {shortcoming !== null && (
        <Notice kind="warning" title="The server does not serve fully">
          {shortcoming}
        </Notice>
      )}
      {store.state !== 'ok' && (
        <Notice
          kind="danger"
          title={
            store.state === 'read-only'
              ? 'The store is read-only: there is no space left'
              : 'The store takes no changes until the server is started again'
          }
        >
          {store.reason}
        </Notice>
      )}
      {clockDoubted && (
        <Notice kind="warning" title="The clock is doubted">
          No lifecycle rule is applied and no retention ends until it is set right, or confirmed with “coffer clock”.
        </Notice>
      )}
      {scrub !== null && scrub.damaged > 0 && (
        <Notice kind="danger" title={`${countOf(scrub.damaged, 'damaged thing')} found by the verification`}>
          “coffer verify” lists what it is.
        </Notice>
      )}
      {quarantine.leftInPlace > 0 && (
        <Notice kind="warning" title={`${countOf(quarantine.leftInPlace, 'blob')} that no file names`}>
          They were found at the start. The metadata may be older than the blobs: look before you delete anything.
        </Notice>
      )}
    </>
  );
}

function StoreBadge({ state }: { readonly state: ServerState['store']['state'] }) {
  if (state === 'ok') return <Badge kind="success">Takes reads and writes</Badge>;
  return state === 'read-only' ? <Badge kind="warning">Read-only</Badge> : <Badge kind="danger">Failed</Badge>;
}

function KeyBadge({ state }: { readonly state: ServerState['keyring'][number]['state'] }) {
  if (state === 'active') return <Badge kind="success">Active</Badge>;
  return state === 'decrypt-only' ? <Badge>Only decrypts</Badge> : <Badge kind="danger">Destroyed</Badge>;
}

function Requests({ requests }: Pick<ServerState, 'requests'>) {
  const counts = requests.map(({ requests: count }) => count);
  const errors = requests.map(({ errors4xx, errors5xx }) => errors4xx + errors5xx);
  const ofServer = sum(requests.map(({ errors5xx }) => errors5xx));
  return (
    <div className="server-columns">
      <BarChart
        label="Requests per minute"
        values={counts}
        slots={60}
        summary={`${formatCount(sum(counts))} in all, at most ${formatCount(Math.max(0, ...counts))} in a minute`}
        from="an hour ago"
        to="now"
      />
      <BarChart
        label="Errors per minute"
        kind="danger"
        values={errors}
        slots={60}
        summary={`${formatCount(sum(errors))} in all, ${formatCount(ofServer)} of them the server’s own`}
        from="an hour ago"
        to="now"
      />
    </div>
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
