import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricsPage, MetricValues } from '../observe/metrics.ts';

const lastingTypes: ReadonlySet<string> = new Set(['counter', 'histogram']);

/** Adds up the figures of several processes, each as it says that it is to be added. */
export async function renderSum(parts: readonly (readonly MetricValues[])[]): Promise<MetricsPage> {
  const sum = sumOf(parts);
  return { contentType: sum.contentType, text: await sum.metrics() };
}

/** What counts on when a process has ended: sums that went down would look like a restart of everything. */
export async function addEnded(
  ended: readonly MetricValues[],
  last: readonly MetricValues[],
): Promise<readonly MetricValues[]> {
  // The client declares numbers as types, and has names.
  const lasting = last.filter(({ type }) => lastingTypes.has(String(type)));
  return sumOf([ended, lasting]).getMetricsAsJSON();
}

function sumOf(parts: readonly (readonly MetricValues[])[]): Registry {
  return AggregatorRegistry.aggregate([...parts]);
}
