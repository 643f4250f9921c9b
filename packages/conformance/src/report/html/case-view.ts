import type { Exchange, ShownBody } from '../exchange.ts';
import type { CaseResult } from '../report.ts';
import { markup, type Markup } from './markup.ts';
import { outcomeMark } from './outcome-mark.ts';

/** A case that did not pass, with all that is known of why. @param open whether its last exchange is */
export function caseView(result: CaseResult, open: boolean): Markup {
  const { id, title, outcome, requirement, source, problems, exchanges } = result;
  return markup`<article class="card case ${outcome}">
  <h3>${outcomeMark(outcome)} ${title}</h3>
  <p><code>${id}</code></p>
  <p>${requirement} <span class="soft">Stands on: ${source.name} (${source.kind})</span></p>
  <ul class="difference">${problems.map((problem) => markup`<li>${problem}</li>`)}</ul>
  ${exchanges.map((exchange, at) => exchangeView(exchange, open && at === exchanges.length - 1))}
</article>
`;
}

/** The last exchange of a case is mostly the one whose answer is wrong. */
function exchangeView({ step, request, answer, failure }: Exchange, isOpen: boolean): Markup {
  const { method, url, line, headers, body } = request;
  const path = url.replace(/^https?:\/\/[^/]*/, '').replace(/\?.*$/s, '');
  const open = isOpen ? markup` open=""` : markup``;
  return markup`<details${open}>
    <summary>Step ${step}: <code>${method} ${path}</code> → ${answer?.status ?? 'no answer'}</summary>
    <div class="exchange">
      <div><h4>Request</h4>${message(line ?? `${method} ${url}`, headers, body)}</div>
      <div><h4>Answer</h4>${
        answer === null
          ? markup`<p>${failure ?? 'There was none.'}</p>`
          : message(`Status ${answer.status}`, answer.headers, answer.body)
      }</div>
    </div>
  </details>
  `;
}

function message(first: string, headers: readonly (readonly [string, string])[], body: ShownBody): Markup {
  // A line break in a value must not look like the next header.
  const oneLine = (text: string): string => text.replaceAll('\n', '\\n');
  const head = [oneLine(first), ...headers.map(([name, value]) => oneLine(`${name}: ${value}`))].join('\n');
  const shown = body.encoding === 'hex' ? spaced(body.shown) : body.shown;
  return markup`<pre>${head}${body.bytes === 0 ? '' : `\n\n${shown}`}</pre>${noteOf(body)}`;
}

/** Hex by bytes, so that lines break between them. */
function spaced(hex: string): string {
  return hex.replaceAll(/(..)(?!$)/g, '$1 ');
}

function noteOf({ bytes, encoding, cut }: ShownBody): Markup {
  if (bytes === 0) return markup`<p class="note">no body</p>`;
  const how = `${encoding === 'hex' ? ', in hex' : ''}${cut ? ', only the begin is shown' : ''}`;
  return markup`<p class="note">body of ${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}${how}</p>`;
}
