import type { ConformanceCase } from '../../model/case.ts';
import type { B2DownloadStep, B2UploadStep, Step } from '../../model/step.ts';
import {
  doubtfulRequests,
  malformedKeyLines,
  refusedRequests,
  sentText,
  type MalformedRequest,
} from '../malformed-requests.ts';
import { b2Case } from './b2-case.ts';
import { customerKeyHeaders, keyHeaders } from './encryption.ts';

const content = { text: sentText };
const upload: B2UploadStep = { do: 'b2-upload', name: 'up', file: 'f', content, headers: keyHeaders('A') };
const download: B2DownloadStep = {
  do: 'b2-download',
  from: { fileId: '{{up.json.fileId}}' },
  headers: keyHeaders('A'),
};

const nothingStored: Step = {
  do: 'b2-call',
  operation: 'b2_list_file_versions',
  body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
  expect: { status: 200, json: { files: '[]' } },
  why: 'the endpoint still answers, and has stored nothing',
};
const storedWhole: Step = {
  do: 'b2-download',
  from: { file: 'f' },
  headers: keyHeaders('A'),
  expect: { status: [200, 404], body: { content } },
  why: 'the endpoint still answers, and what it may have stored is what was sent',
};

function uploadCase(request: MalformedRequest, after: Step): ConformanceCase {
  const { id, about, requirement, source, changes, expect } = request;
  return b2Case({
    id: `b2/raw-requests/upload/${id}`,
    title: `an upload ${about}`,
    requirement,
    source,
    needs: ['sse-c'],
    steps: [{ do: 'raw', request: upload, ...changes, expect }, after],
  });
}

const keyLines = malformedKeyLines(customerKeyHeaders.key);

const downloads = keyLines.map(({ id, about, requirement, source, changes, expect }) =>
  b2Case({
    id: `b2/raw-requests/download/${id}`,
    title: `a download ${about}`,
    requirement,
    source,
    needs: ['sse-c'],
    steps: [
      upload,
      { do: 'raw', request: download, ...changes, expect },
      { ...download, expect: { status: 200, body: { content } }, why: 'the endpoint still answers' },
    ],
  }),
);

export const b2RawRequests: readonly ConformanceCase[] = [
  ...[...refusedRequests, ...keyLines].map((request) => uploadCase(request, nothingStored)),
  ...doubtfulRequests.map((request) => uploadCase(request, storedWhole)),
  ...downloads,
];
