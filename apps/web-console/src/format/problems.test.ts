import { corsRulesField, lifecycleRulesField, notificationRulesField, retentionPeriod } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { problemAt, problemsIn, problemsOf } from './problems.ts';

const cors = {
  corsRuleName: 'some-rule',
  allowedOrigins: ['*'],
  allowedOperations: ['s3_get'],
  allowedHeaders: null,
  exposeHeaders: null,
  maxAgeSeconds: 60,
};

describe('problems', () => {
  it('are none for what a schema takes', () => {
    expect(problemsOf(corsRulesField, [cors])).toEqual([]);
  });

  it('stand at their field, in words', () => {
    const problems = problemsOf(corsRulesField, [
      cors,
      { ...cors, corsRuleName: 'a', allowedOrigins: [], maxAgeSeconds: 'ten' },
      { ...cors, maxAgeSeconds: 86_401, allowedOperations: ['fly'] },
    ]);
    const second = problemsIn(problems, 1);
    expect(problemAt(second, 'corsRuleName')).toBe('Rule names must be 6 to 63 letters, digits or hyphens');
    expect(problemAt(second, 'allowedOrigins')).toBe('There must be at least one.');
    expect(problemAt(second, 'maxAgeSeconds')).toBe('This must be a whole number.');
    expect(problemAt(second, 'exposeHeaders')).toBeUndefined();
    const third = problemsIn(problems, 2);
    expect(problemAt(third, 'maxAgeSeconds')).toBe('This must be at most 86,400.');
    expect(problemAt(third, 'allowedOperations')).toMatch(/^This must be one of: b2_download_file_by_name, /);
  });

  it('of the whole list stand at the list', () => {
    expect(problemsOf(corsRulesField, [cors, cors])).toEqual([
      { path: [], text: 'CORS rule names must be unique in a bucket' },
    ]);
  });

  it('of numbers name the smallest that is possible', () => {
    const rule = { fileNamePrefix: '', daysFromUploadingToHiding: 0 };
    expect(problemsOf(lifecycleRulesField, [rule])[0]?.text).toBe('This must be at least 1.');
    expect(problemsOf(lifecycleRulesField, [{ fileNamePrefix: '', daysFromUploadingToHiding: 1.5 }])[0]?.text).toBe(
      'This must be a whole number.',
    );
    expect(problemsOf(retentionPeriod, { duration: 9, unit: 'years' })[0]?.text).toBe(
      'A retention period must be no more than 3000 days',
    );
  });

  it('inside of a nested member are found at it', () => {
    const rule = {
      name: 'some-rule',
      eventTypes: ['b2:ObjectCreated:*'],
      isEnabled: true,
      objectNamePrefix: '',
      targetConfiguration: { targetType: 'webhook', url: 'nonsense', customHeaders: [{ name: 'Host', value: 'x' }] },
    };
    const first = problemsIn(problemsOf(notificationRulesField, [rule]), 0);
    expect(problemAt(first, 'targetConfiguration', 'url')).toBe('The URL of a webhook must be an absolute https URL');
    expect(problemAt(first, 'targetConfiguration', 'customHeaders')).toBe(
      'Custom headers must not be those of the connection',
    );
  });
});
