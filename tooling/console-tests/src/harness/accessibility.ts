import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong with the page as it is now: rule, element and reason, one line each. Rules of WCAG 2.2 AA and
 * best practices.
 */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Not by an element of the page, which the content security policy would refuse.
  await page.evaluate(source);
  // React Aria names, for some seconds, a button that is no longer there in what it lets screen readers say.
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run({ exclude: ["[data-live-announcer]"] }, { resultTypes: ["violations"] })',
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  );
}
