import type { Step } from './step.ts';

/** What a step does, in a few words. */
export function nameOf(step: Step): string {
  switch (step.do) {
    case 'bucket':
      return `make bucket ${step.name}`;
    case 'b2-key':
      return `make application key ${step.name}`;
    case 'b2-call':
      return step.operation;
    case 'b2-upload':
      return `b2_upload_file ${step.file}`;
    case 'b2-part':
      return `b2_upload_part ${step.number}`;
    case 'b2-download':
      return `${'json' in step.from ? 'POST' : (step.method ?? 'GET')} download`;
    case 's3-form':
      return `form ${step.key}`;
    case 'raw':
      return `raw ${nameOf(step.request)}`;
    case 's3': {
      const names = Object.keys(step.query ?? {}).join('&');
      const what = `${step.method} ${step.key ?? 'bucket'}${names && `?${names}`}`;
      return step.presigned === true ? `presigned ${what}` : what;
    }
  }
}
