import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricsPage, MetricValues } from '../observe/metrics.ts';

const lastingTypes: ReadonlySet<string> = new Set(['counter', 'histogram']);

/** Adds up the figures of several processes, each metric in the way that it declares. */
export async function renderSum(parts: readonly (readonly MetricValues[])[]): Promise<MetricsPage> {
  const sum = sumOf(parts);
  return { contentType: sum.contentType, text: await sum.metrics() };
}

/**
 * Adds the counters of a process that has ended to those kept from earlier ones: a sum that went down would look like a
 * restart of the whole server.
 */
export async function addEnded(
  ended: readonly MetricValues[],
  last: readonly MetricValues[],
): Promise<readonly MetricValues[]> {
  // The metrics library declares these types as numbers, but they are names.
  const lasting = last.filter(({ type }) => lastingTypes.has(String(type)));
  return sumOf([ended, lasting]).getMetricsAsJSON();
}

function sumOf(parts: readonly (readonly MetricValues[])[]): Registry {
  return AggregatorRegistry.aggregate([...parts]);
}
