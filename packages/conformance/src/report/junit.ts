import { printXml, xmlElement, type XmlElement } from '@coffer/xml';
import type { CaseResult, Report } from './report.ts';

/** The report as JUnit XML, which build servers show. A known deviation counts as skipped, with its reason. */
export function printJunit({ target, profile, started, milliseconds, counts, results }: Report): string {
  const suite = xmlElement('testsuite', results.map(testcase), [
    ['name', `${target}, ${profile}`],
    ['tests', String(results.length)],
    ['failures', String(counts.fail)],
    ['errors', String(counts.error)],
    ['skipped', String(counts.skipped + counts.deviation)],
    ['timestamp', started],
    ['time', seconds(milliseconds)],
  ]);
  return printXml(xmlElement('testsuites', [suite]));
}

function testcase({ id, outcome, problems, milliseconds }: CaseResult): XmlElement {
  const attributes = [
    ['classname', id.slice(0, id.lastIndexOf('/')).replaceAll('/', '.')],
    ['name', id],
    ['time', seconds(milliseconds)],
  ] as const;
  if (outcome === 'pass') return xmlElement('testcase', [], attributes);
  const element = outcome === 'fail' ? 'failure' : outcome === 'error' ? 'error' : 'skipped';
  return xmlElement('testcase', [xmlElement(element, [], [['message', problems.join('\n')]])], attributes);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
