import { countOutcomes, type CaseResult } from '../report.ts';
import { markup, type Markup } from './markup.ts';
import { outcomeMark, worstFirst } from './outcome-mark.ts';

/** How the data of a case is encrypted, as its id says: the strongest way that it names. */
const modes = [
  { title: 'no encryption', names: /(?:^|[/-])none(?:[/-]|$)/ },
  { title: 'service’s key', names: /sse-(?:b2|s3)/ },
  { title: 'customer key', names: /sse-c|malformed-key/ },
  { title: 'others', names: /^/ },
] as const;
type Mode = (typeof modes)[number];
const [plain, service, customer, others] = modes;

function modeOf(id: string): Mode {
  const rest = id.split('/').slice(2).join('/');
  return [customer, service, plain].find(({ names }) => names.test(rest)) ?? others;
}

/** Protocol and subject of a case, such as `b2/uploads`. */
export function subjectOf(id: string): string {
  return id.split('/').slice(0, 2).join('/');
}

/** Results by a name that each has, in the order in which the names come first. */
export function groupBy<Name>(
  results: readonly CaseResult[],
  nameOf: (result: CaseResult) => Name,
): ReadonlyMap<Name, readonly CaseResult[]> {
  const groups = new Map<Name, CaseResult[]>();
  for (const result of results) {
    const group = groups.get(nameOf(result)) ?? [];
    groups.set(nameOf(result), group);
    group.push(result);
  }
  return groups;
}

/** How many cases had which outcome, by subject and by how the data is encrypted. */
export function matrix(results: readonly CaseResult[]): Markup {
  const rows = [...groupBy(results, ({ id }) => subjectOf(id))];
  return markup`<table class="matrix card">
    <thead>
      <tr><th scope="col">subject</th>${modes.map(({ title }) => markup`<th scope="col">${title}</th>`)}</tr>
    </thead>
    <tbody>
      ${rows.map(([subject, group]) => row(subject, group))}
    </tbody>
  </table>
<p class="legend soft">${worstFirst.map((outcome) => markup`${outcomeMark(outcome)} `)}</p>`;
}

function row(subject: string, group: readonly CaseResult[]): Markup {
  const byMode = groupBy(group, ({ id }) => modeOf(id));
  return markup`<tr><th scope="row">${subject}</th>${modes.map((mode) => cell(mode, byMode.get(mode)))}</tr>
      `;
}

function cell({ title }: Mode, group: readonly CaseResult[] | undefined): Markup {
  if (group === undefined) return markup`<td class="none" data-mode="${title}"></td>`;
  const counts = countOutcomes(group);
  const present = worstFirst.filter((outcome) => counts[outcome] > 0);
  const marks = present.map((outcome) => markup`${outcomeMark(outcome, counts[outcome])} `);
  return markup`<td data-mode="${title}"><div>${marks}</div></td>`;
}
