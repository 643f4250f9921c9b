import {
  afterKey,
  compareKeys,
  prefixRange,
  recordKey,
  type MetadataStore,
  type NotificationEventRecord,
  type Row,
  type ScanOptions,
} from '@coffer/storage-ports';
import { rowsPerRead, rowsPerTurn, Turns } from '../core/turns.ts';
import type { NotificationBacklog, NotificationRuleReference } from '../services/notifications.ts';

/** Rows that are read at once. */
const pageRows = rowsPerTurn;
/** The most new pages of a rule that one count reads; the next count goes on there. */
const pagesPerCount = 500;

/**
 * The last keys of the full pages of a rule's events, oldest first. The first page may have lost its oldest events
 * since.
 */
type FullPages = readonly Uint8Array[];

/**
 * Counts the events that wait without reading them all each time: events are only ever added behind the others and
 * taken from the front, so a page that was once full stays full, except for the first. Keeps one key in memory for each
 * page.
 */
export class BacklogCounter {
  readonly #metadata: Pick<MetadataStore, 'scan'>;
  readonly #turns = new Turns();
  #pages: ReadonlyMap<string, FullPages> = new Map();

  constructor(metadata: Pick<MetadataStore, 'scan'>) {
    this.#metadata = metadata;
  }

  /** The backlog of each of these rules that has events. */
  async count(rules: readonly NotificationRuleReference[]): Promise<readonly NotificationBacklog[]> {
    const pages = new Map<string, FullPages>();
    const counted: NotificationBacklog[] = [];
    for (const rule of rules) {
      const backlog = await this.#countRule(rule, pages);
      if (backlog !== undefined) counted.push(backlog);
    }
    this.#pages = pages;
    return counted;
  }

  async #countRule(
    { bucketId, ruleId }: NotificationRuleReference,
    pages: Map<string, FullPages>,
  ): Promise<NotificationBacklog | undefined> {
    const { start, end } = prefixRange(recordKey(bucketId, ruleId));
    const [first] = await this.#read({ start, end, limit: 1 });
    if (first === undefined) return undefined;
    const known = (this.#pages.get(ruleId) ?? []).filter((last) => compareKeys(last, first.key) >= 0);
    const inKnown = await this.#rowsOfKnown(first.key, known);
    const newest = known.at(-1);
    const { rows, full } = await this.#countOn(newest === undefined ? first.key : afterKey(newest), end);
    pages.set(ruleId, [...known, ...full]);
    return { bucketId, ruleId, events: inKnown + rows, oldest: first.value.eventTimestamp };
  }

  async #rowsOfKnown(start: Uint8Array, [oldest, ...others]: FullPages): Promise<number> {
    if (oldest === undefined) return 0;
    const range = { start, end: afterKey(oldest), limit: pageRows };
    return (await this.#read(range)).length + others.length * pageRows;
  }

  /** Counts the events behind the known pages. */
  async #countOn(start: Uint8Array, end: Uint8Array | undefined): Promise<{ rows: number; full: FullPages }> {
    const full: Uint8Array[] = [];
    let from = start;
    for (let read = 0; read < pagesPerCount; read++) {
      const page = await this.#read({ start: from, end, limit: pageRows });
      const last = page.at(-1);
      if (last === undefined || page.length < pageRows) return { rows: full.length * pageRows + page.length, full };
      full.push(last.key);
      from = afterKey(last.key);
    }
    return { rows: full.length * pageRows, full };
  }

  async #read(range: ScanOptions): Promise<readonly Row<NotificationEventRecord>[]> {
    const rows = await this.#metadata.scan('notificationEvents', range);
    await this.#turns.handled(rows.length + rowsPerRead);
    return rows;
  }
}
