/** The style of the page. It loads nothing, and has no class but those that the page uses. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --text: #1b1f26; --soft: #586172; --line: #d8dde5; --code: #f1f3f7;
  --pass: #12703c; --fail: #b3202c; --error: #9a3a00; --deviation: #6a4600; --skipped: #5a6270;
  --pass-back: #e2f4e9; --fail-back: #fde8e9; --error-back: #ffeadb; --deviation-back: #fdf0cc;
  --skipped-back: #e9ecf1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #12151b; --card: #1b2029; --text: #e7eaf0; --soft: #a2abba; --line: #343c4a; --code: #12161d;
    --pass: #6fdc9c; --fail: #ff9a9f; --error: #ffb27d; --deviation: #f3cf6b; --skipped: #b3bbc8;
    --pass-back: #14331f; --fail-back: #451a1e; --error-back: #43240f; --deviation-back: #3a2e0b;
    --skipped-back: #2a313d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1, h2, h3, p, li, dd, summary, td, th { overflow-wrap: anywhere; unicode-bidi: isolate; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .5rem 0; }
code, pre { font: .8125rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; unicode-bidi: isolate; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
.card > h3 + p { margin-top: .25rem; }
.verdict { border-left: .375rem solid var(--pass); font-size: 1.0625rem; margin: 1rem 0; }
.verdict.bad { border-left-color: var(--fail); }
.verdict p { margin: 0; }
.verdict p + p { margin-top: .25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem; padding: 0; }
.counts .zero { background: none; border: 1px solid var(--line); color: var(--soft); }
.counts li { list-style: none; border-radius: .5rem; padding: .5rem .75rem; }
.counts strong { display: block; font-size: 1.5rem; line-height: 1.25; }
.pass, .fail, .error, .deviation, .skipped { background: var(--tint); color: var(--ink); }
.pass { --ink: var(--pass); --tint: var(--pass-back); }
.fail { --ink: var(--fail); --tint: var(--fail-back); }
.error { --ink: var(--error); --tint: var(--error-back); }
.deviation { --ink: var(--deviation); --tint: var(--deviation-back); }
.skipped { --ink: var(--skipped); --tint: var(--skipped-back); }
.mark { display: inline-block; border-radius: .25rem; padding: 0 .4rem; white-space: nowrap; }
.mark { font-size: .875rem; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .4rem .5rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 600; font-size: .875rem; }
tbody th { font-weight: 600; }
.matrix .mark { margin-bottom: .125rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .875rem; }
.case { border-left: .375rem solid var(--ink); background: var(--card); color: var(--text); contain: paint; }
.case ul { margin: .5rem 0; padding-left: 1.25rem; }
.difference { color: var(--text); font-weight: 600; }
details { border-top: 1px solid var(--line); padding: .375rem 0; }
.card > details:first-child { border-top: 0; }
summary { cursor: pointer; padding: .125rem 0; }
.exchange { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .75rem; padding: .25rem 0 .5rem; }
.exchange h4 { font-size: .8125rem; margin: 0 0 .25rem; color: var(--soft); }
pre { background: var(--code); border: 1px solid var(--line); border-radius: .375rem; padding: .5rem; margin: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; overflow: clip; unicode-bidi: isolate; direction: ltr; }
.note { font-size: .8125rem; color: var(--soft); margin: .25rem 0 0; }
.cases { table-layout: fixed; }
.cases th:first-child { width: 7.5rem; }
.cases th:last-child { width: 5.5rem; }
.cases td:last-child, .cases th:last-child { text-align: right; }
.cases p { margin: 0; font-size: .875rem; }
@media (max-width: 42rem) {
  h1 { font-size: 1.375rem; }
  .exchange { grid-template-columns: minmax(0, 1fr); }
  .matrix, .matrix tbody, .matrix tr, .matrix th, .matrix td { display: block; }
  .matrix { padding: 0 .75rem; }
  .matrix th, .matrix td { border: 0; padding: 0; }
  .matrix thead { display: none; }
  .matrix tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  .matrix tr:first-child { border-top: 0; }
  .matrix td { display: grid; grid-template-columns: 7.5rem 1fr; align-items: baseline; padding-top: .125rem; }
  .matrix td::before { content: attr(data-mode); color: var(--soft); font-size: .875rem; }
  .matrix td.none { display: none; }
  .cases, .cases tbody, .cases tr, .cases td { display: block; border: 0; padding: 0; }
  .cases thead { display: none; }
  .cases tr { border-top: 1px solid var(--line); padding: .375rem 0; }
  .cases td:last-child { text-align: left; color: var(--soft); font-size: .8125rem; }
}
@media print {
  :root {
    color-scheme: light;
    --back: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --code: #fff;
    --pass: #0c5a2f; --fail: #98141f; --error: #7d2f00; --deviation: #5a3b00; --skipped: #444c58;
    --pass-back: #fff; --fail-back: #fff; --error-back: #fff; --deviation-back: #fff; --skipped-back: #fff;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .mark, .counts li { border: 1px solid var(--ink); }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; }
  h2, h3, h4, summary { break-after: avoid; }
  .card { break-inside: auto; }
  .exchange { grid-template-columns: minmax(0, 1fr); }
  tr, .counts, .verdict { break-inside: avoid; }
  .case { contain: none; }
  pre { overflow: visible; }
}
`;
