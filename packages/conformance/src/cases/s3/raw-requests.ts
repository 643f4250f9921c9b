import type { ConformanceCase } from '../../model/case.ts';
import type { S3Step, Step } from '../../model/step.ts';
import {
  doubtfulRequests,
  malformedKeyLines,
  refusedRequests,
  sentText,
  type MalformedRequest,
} from '../malformed-requests.ts';
import { customerKeyHeaders, keyHeaders } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content = { text: sentText };
const put: S3Step = { do: 's3', method: 'PUT', key: 'k', content, headers: keyHeaders('A') };
const get: S3Step = { do: 's3', method: 'GET', key: 'k', headers: keyHeaders('A') };

const nothingStored: Step = {
  ...get,
  expect: { status: 404 },
  why: 'the endpoint still answers, and has stored nothing',
};
const storedWhole: Step = {
  ...get,
  expect: { status: [200, 404], body: { content } },
  why: 'the endpoint still answers, and what it may have stored is what was sent',
};

function putCase(request: MalformedRequest, after: Step): ConformanceCase {
  const { id, about, requirement, source, changes, expect } = request;
  return s3Case({
    id: `s3/raw-requests/put/${id}`,
    title: `PUT ${about}`,
    requirement,
    source,
    needs: ['sse-c'],
    steps: [{ do: 'raw', request: put, ...changes, expect }, after],
  });
}

const keyLines = malformedKeyLines(customerKeyHeaders.key);

const gets = keyLines.map(({ id, about, requirement, source, changes, expect }) =>
  s3Case({
    id: `s3/raw-requests/get/${id}`,
    title: `GET ${about}`,
    requirement,
    source,
    needs: ['sse-c'],
    steps: [
      put,
      { do: 'raw', request: get, ...changes, expect },
      { ...get, expect: { status: 200, body: { content } }, why: 'the endpoint still answers' },
    ],
  }),
);

export const s3RawRequests: readonly ConformanceCase[] = [
  ...[...refusedRequests, ...keyLines].map((request) => putCase(request, nothingStored)),
  ...doubtfulRequests.map((request) => putCase(request, storedWhole)),
  ...gets,
];
