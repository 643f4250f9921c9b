import { createHash } from 'node:crypto';
import { isConformant, problemsOfRun, type CaseResult, type Outcome, type Report } from '../report.ts';
import { caseView } from './case-view.ts';
import { markup, Markup } from './markup.ts';
import { groupBy, matrix, subjectOf } from './matrix.ts';
import { outcomeMark, outcomeWords, worstFirst } from './outcome-mark.ts';
import { style } from './style.ts';

/** Browsers run and load nothing but the style, whatever a mistake might let into the page. */
const styleHash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
/** Where more cases did not pass, all exchanges are folded, since the page would be very long. */
const mostOpen = 25;

/**
 * The report as a page of HTML that needs no other file and no script. The same report always gives the same page. All
 * that comes from the endpoint is escaped; what would be invisible or change the direction of text is written out.
 *
 * @example
 * ```ts
 * const page = printHtml({
 *   ...{ format: 1, suiteVersion: '1.0.0', target: '<my server>', profile: 's3', started: '2026-01-02T03:04:05Z' },
 *   ...{ milliseconds: 10, counts: { pass: 0, fail: 0, skipped: 0, deviation: 0, error: 0 }, results: [], notRun: 0 },
 *   ...{ passedDeviations: [], leftBehind: [], made: [] },
 * });
 * assert(page.includes('&lt;my server&gt;'));
 * ```
 */
export function printHtml(report: Report): string {
  const { target, profile, results } = report;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${target}, ${profile}: conformance of server-side encryption</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<header>
<h1>How ${target} does server-side encryption</h1>
${verdict(report)}
${facts(report)}
</header>
${counts(report)}
${results.length === 0 ? markup`` : markup`<section><h2>By subject</h2>${matrix(results)}</section>`}
${inFull('Failures', 'fail', results)}
${inFull('Errors', 'error', results)}
${inFull('Known deviations', 'deviation', results)}
${skipped(results)}
${all(results)}
</main>
</body>
</html>
`.toString();
}

function verdict(report: Report): Markup {
  const { counts: numbers, passedDeviations } = report;
  const bad = [
    ...(['fail', 'error'] as const)
      .filter((outcome) => numbers[outcome] > 0)
      .map((outcome) => `${numbers[outcome]} ${outcome === 'fail' ? 'failed' : 'could not be carried out'}`),
    ...problemsOfRun(report),
  ];
  const good = isConformant(report);
  return markup`<div class="card verdict ${good ? 'good' : 'bad'}">
<p><strong>${good ? '✓ Conformant' : '✗ Not conformant'}</strong>${good ? '' : `: ${bad.join('; ')}`}</p>
${passedDeviations.map((id) => markup`<p>Passes, though declared as a deviation: <code>${id}</code></p>`)}
</div>`;
}

function facts({ target, profile, started, milliseconds, suiteVersion }: Report): Markup {
  const lines = [
    ['Target', target],
    ['Profile', profile],
    ['Began', started.replace(/^(.{10})T(.{8}).*$/, '$1 $2 UTC')],
    ['Took', `${(milliseconds / 1000).toFixed(1)} s`],
    ['Suite', `@coffer/conformance ${suiteVersion}`],
  ] as const;
  return markup`<dl>${lines.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function counts({ counts: numbers }: Report): Markup {
  const items = [...worstFirst].reverse().map((outcome) => {
    const [{ sign, one }, number] = [outcomeWords[outcome], numbers[outcome]];
    return markup`<li class="${number === 0 ? 'zero' : outcome}"><strong>${sign} ${number}</strong> ${one}</li>`;
  });
  return markup`<ul class="counts">${items}</ul>`;
}

function inFull(title: string, outcome: Outcome, results: readonly CaseResult[]): Markup {
  const shown = results.filter((result) => result.outcome === outcome);
  if (shown.length === 0) return markup``;
  const views = shown.map((result) => caseView(result, shown.length <= mostOpen));
  return markup`<section><h2>${title} (${shown.length})</h2>${views}</section>`;
}

function skipped(results: readonly CaseResult[]): Markup {
  const groups = [
    ...groupBy(
      results.filter(({ outcome }) => outcome === 'skipped'),
      ({ missing }) => missing.join(', '),
    ),
  ];
  if (groups.length === 0) return markup``;
  return markup`<section><h2>Skipped, by what the target does not declare</h2><div class="card">${groups.map(
    ([missing, group]) => markup`<details>
  <summary><strong>${missing}</strong>: ${group.length} ${group.length === 1 ? 'case' : 'cases'}</summary>
  <ul>${group.map(({ id, title }) => markup`<li><code>${id}</code> ${title}</li>`)}</ul>
</details>`,
  )}</div></section>`;
}

function all(results: readonly CaseResult[]): Markup {
  if (results.length === 0) return markup``;
  const groups = [...groupBy(results, ({ id }) => subjectOf(id))];
  return markup`<section><h2>All cases (${results.length})</h2><div class="card">${groups.map(
    ([subject, group]) => markup`<details>
  <summary><strong>${subject}</strong>: ${group.length} ${group.length === 1 ? 'case' : 'cases'}</summary>
  <table class="cases">
    <thead><tr><th scope="col">outcome</th><th scope="col">case</th><th scope="col">time</th></tr></thead>
    <tbody>${group.map(lineOf)}</tbody>
  </table>
</details>`,
  )}</div></section>`;
}

function lineOf({ id, title, outcome, milliseconds }: CaseResult): Markup {
  const name = markup`<code>${id}</code><p>${title}</p>`;
  return markup`<tr><td>${outcomeMark(outcome)}</td><td>${name}</td><td>${milliseconds} ms</td></tr>
`;
}
