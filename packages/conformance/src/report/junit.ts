import { printXml, xmlElement, type XmlElement } from '@coffer/xml';
import { problemsOfRun, type CaseResult, type Report } from './report.ts';

/**
 * The report as JUnit XML, which build servers show. A known deviation counts as skipped, with its reason. What is
 * wrong with the run itself, such as a bucket that is left behind, is the error of a test more, `run`.
 */
export function printJunit(report: Report): string {
  const { target, profile, started, milliseconds, counts, results } = report;
  const ofRun = testcasesOfRun(report);
  const suite = xmlElement(
    'testsuite',
    [...results.map(testcase), ...ofRun],
    [
      ['name', `${target}, ${profile}`],
      ['tests', String(results.length + ofRun.length)],
      ['failures', String(counts.fail)],
      ['errors', String(counts.error + ofRun.length)],
      ['skipped', String(counts.skipped + counts.deviation)],
      ['timestamp', started],
      ['time', seconds(milliseconds)],
    ],
  );
  return printXml(xmlElement('testsuites', [suite]));
}

type Tested = Pick<CaseResult, 'id' | 'outcome' | 'problems' | 'milliseconds'>;

function testcase({ id, outcome, problems, milliseconds }: Tested): XmlElement {
  const attributes = [
    ['classname', id.slice(0, id.lastIndexOf('/')).replaceAll('/', '.')],
    ['name', id],
    ['time', seconds(milliseconds)],
  ] as const;
  if (outcome === 'pass') return xmlElement('testcase', [], attributes);
  const element = outcome === 'fail' ? 'failure' : outcome === 'error' ? 'error' : 'skipped';
  return xmlElement('testcase', [xmlElement(element, [], [['message', problems.join('\n')]])], attributes);
}

function testcasesOfRun(report: Report): readonly XmlElement[] {
  const problems = [...problemsOfRun(report)];
  if (problems.length === 0) return [];
  return [testcase({ id: 'run/run', outcome: 'error', problems, milliseconds: 0 })];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
