import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { countOutcomes, type CaseResult, type Report } from '../report.ts';
import { printHtml } from './page.ts';

const exchange = (shown: string): Exchange => ({
  step: 1,
  request: {
    ...{ method: 'GET', url: 'http://a.example/b/k?x=1', line: null, headers: [['host', 'a.example']] },
    body: { bytes: 0, encoding: 'text', shown: '', cut: false },
  },
  answer: { status: 200, headers: [['x-said', shown]], body: { bytes: 9999, encoding: 'text', shown, cut: true } },
  failure: null,
});

const result = (id: string, outcome: CaseResult['outcome'], fields: Partial<CaseResult> = {}): CaseResult => ({
  ...{ id, title: `title of ${id}`, requirement: `What ${id} requires.`, source: { kind: 'rfc', name: 'RFC 1' } },
  ...{ outcome, problems: [], missing: [], exchanges: [], milliseconds: 5 },
  ...fields,
});

const reportOf = (results: CaseResult[], fields: Partial<Report> = {}): Report => ({
  ...{ format: 1, suiteVersion: '1.2.3', target: 'my server', profile: 's3', started: '2026-01-02T03:04:05.678Z' },
  ...{ milliseconds: 7500, counts: countOutcomes(results), results, notRun: 0 },
  ...{ passedDeviations: [], leftBehind: [], made: [] },
  ...fields,
});

interface Element {
  readonly name: string;
  readonly content: (Element | string)[];
}

const piece = /<(\/?)([a-z][a-z0-9]*)(?: [a-z-]+="[^"<>]*")*>|([^<>]+)/y;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** What is inside the page. Fails unless each element ends where it has to, and `<` begins nothing but elements. */
function mainOf(page: string): Element {
  const text = page.slice(page.indexOf('<main>'), page.lastIndexOf('</body>'));
  const root: Element = { name: 'body', content: [] };
  const open = [root];
  for (piece.lastIndex = 0; piece.lastIndex < text.length;) {
    const at = piece.lastIndex;
    const [, end, name = '', plain] = piece.exec(text) ?? expect.fail(`no HTML: ${text.slice(at, at + 80)}`);
    if (plain !== undefined)
      open.at(-1)?.content.push(plain.replace(/&(\S*?);/g, (_, of: string) => entities[of] ?? '?'));
    else if (end === '/') expect(open.pop()?.name).toBe(name);
    else open.push(begun(name, open.at(-1)));
  }
  expect(open).toEqual([root]);
  return root;
}

function begun(name: string, parent: Element | undefined): Element {
  const element: Element = { name, content: [] };
  parent?.content.push(element);
  return element;
}

function childrenOf({ content }: Element): readonly Element[] {
  return content.filter((part) => typeof part !== 'string');
}

function textsOf(element: Element, name: string): readonly string[] {
  const own = element.name === name ? [allText(element).replaceAll(/\s+/g, ' ').trim()] : [];
  return [...own, ...childrenOf(element).flatMap((child) => textsOf(child, name))];
}

function allText({ content }: Element): string {
  return content.map((part) => (typeof part === 'string' ? part : allText(part))).join('');
}

const mixed = reportOf(
  [
    result('s3/objects/none/head', 'pass'),
    result('s3/objects/sse-c/wrong-key', 'fail', { problems: ['status is 200'], exchanges: [exchange('begin')] }),
    result('s3/objects/malformed-key/short', 'error', {
      problems: ['cut off'],
      exchanges: [{ ...exchange(''), answer: null, failure: 'the line is cut' }],
    }),
    result('s3/objects/sse-s3/head', 'deviation', { problems: ['known: later'] }),
    result('s3/presigned/get', 'skipped', { missing: ['presigned'] }),
    result('s3/presigned/put', 'skipped', { missing: ['presigned'] }),
  ],
  { notRun: 2, leftBehind: ['bucket x: refused'], passedDeviations: ['s3/objects/none/head'] },
);

describe('the page', () => {
  const main = mainOf(printHtml(mixed));

  it('says first whether the target is conformant, and why not', () => {
    expect(textsOf(main, 'p')[0]).toBe(
      '✗ Not conformant: 1 failed; 1 could not be carried out; interrupted: 2 cases did not run; left behind: bucket x: refused',
    );
    expect(textsOf(main, 'dd')).toEqual([
      'my server',
      's3',
      '2026-01-02 03:04:05 UTC',
      '7.5 s',
      '@coffer/conformance 1.2.3',
    ]);
    const good = reportOf([result('s3/objects/none/head', 'pass')]);
    expect(textsOf(mainOf(printHtml(good)), 'strong')[0]).toBe('✓ Conformant');
  });

  it('counts by subject and by how the data is encrypted', () => {
    const cells = textsOf(main, 'td').slice(0, 8);
    expect(cells).toEqual(['✓ 1', '≈ 1', '✗ 1 ! 1', '', '', '', '', '– 2']);
  });

  it('has what did not pass in full, the worst first', () => {
    expect(textsOf(main, 'h2')).toEqual([
      'By subject',
      'Failures (1)',
      'Errors (1)',
      'Known deviations (1)',
      'Skipped, by what the target does not declare',
      'All cases (6)',
    ]);
    expect(textsOf(main, 'article')[0]).toMatch(
      /What s3.objects.sse-c.wrong-key requires.*RFC 1 \(rfc\).*status is 200/,
    );
    expect(textsOf(main, 'summary')).toEqual([
      'Step 1: GET /b/k → 200',
      'Step 1: GET /b/k → no answer',
      'presigned: 2 cases',
      's3/objects: 4 cases',
      's3/presigned: 2 cases',
    ]);
    expect(textsOf(main, 'pre').slice(0, 2)).toEqual([
      'GET http://a.example/b/k?x=1 host: a.example',
      'Status 200 x-said: begin begin',
    ]);
    expect(textsOf(main, 'p')).toContain('body of 9,999 bytes, only the begin is shown');
    expect(textsOf(main, 'p')).toContain('the line is cut');
  });

  it('gives each colour with a sign and a word', () => {
    for (const shown of textsOf(main, 'li').slice(0, 5))
      expect(shown).toMatch(/^[✓–≈!✗] \d (passed|skipped|known deviation|error|failed)$/);
  });

  it('is the same for the same report', () => {
    expect(printHtml(mixed)).toBe(printHtml(structuredClone(mixed)));
  });

  it('folds the exchanges where there are many', () => {
    const many = Array.from({ length: 26 }, (_, at) => result(`s3/a/${at}`, 'fail', { exchanges: [exchange('x')] }));
    expect(printHtml(reportOf(many.slice(1)))).toContain('<details open="">');
    expect(printHtml(reportOf(many))).not.toContain('<details open="">');
  });

  it('asks browsers to load and run nothing', () => {
    const page = printHtml(mixed);
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
    expect(page).not.toMatch(/<script|<link|<img|<a |src=|href=|url\(/);
  });
});

const everywhere = (text: string): Report =>
  reportOf(
    [
      result(`s3/${text}`, 'fail', {
        ...{ title: text, requirement: text, source: { kind: 'rfc', name: text }, problems: [text] },
        exchanges: [
          exchange(text),
          {
            step: 2,
            request: {
              method: text,
              url: text,
              line: text,
              headers: [[text, text]],
              body: { bytes: 1, encoding: 'hex', shown: text, cut: false },
            },
            ...{ answer: null, failure: text },
          },
        ],
      }),
    ],
    { target: text, leftBehind: [text], passedDeviations: [text] },
  );

describe('hostile text', () => {
  it.each([
    '</pre></main><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<!-- ',
    '<![CDATA[',
    '&lt;script&gt; &amp; &#60;',
    '</style></title><style>*{display:none}</style>',
  ])('is shown as text: %s', (text) => {
    const page = printHtml(everywhere(text));
    const main = mainOf(page);
    expect(textsOf(main, 'h1')).toEqual([`How ${text} does server-side encryption`.replaceAll(/\s+/g, ' ')]);
    expect(page).not.toMatch(/<(?:script|img)|<!--|<!\[/);
    expect([...page.matchAll(/<style>/g)]).toHaveLength(1);
  });

  it('has its marks of direction and control characters written out', () => {
    const page = printHtml(everywhere('a\u202eb\u2066c\u200ed\u001be\u0000f\u2028g\ufeffh\ud800i'));
    expect(page).toContain('a\\u{202e}b\\u{2066}c\\u{200e}d\\u{1b}e\\u{0}f\\u{2028}g\\u{feff}h\\u{d800}i');
    expect(page).not.toMatch(/[^\P{C}\n]/u);
  });

  it('in a header does not look like another header', () => {
    const [, answer] = textsOf(mainOf(printHtml(everywhere('a\nx-other: b'))), 'pre');
    expect(answer).toContain('x-said: a\\nx-other: b');
  });

  test.prop([fc.string({ unit: 'binary' })])('of any kind leaves the page whole', (text) => {
    const names = new Set<string>();
    const walk = (element: Element): void => {
      names.add(element.name);
      childrenOf(element).forEach(walk);
    };
    walk(mainOf(printHtml(everywhere(text))));
    expect([...names].filter((name) => !allowed.has(name))).toEqual([]);
  });
});

const allowed = new Set(
  'body main header h1 div p strong code dl dt dd ul li section h2 h3 h4 table thead tbody tr th td span article details summary pre'.split(
    ' ',
  ),
);
