import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import { absent } from '../../model/expectation.ts';
import type { Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { demands, keyHeaders, threeB2Modes } from './encryption.ts';

const content: Content = { size: 20_000, seed: 75 };
const hide: Step = {
  do: 'b2-call',
  name: 'hide',
  operation: 'b2_hide_file',
  body: { bucketId: '{{bucket.id}}', fileName: '{{dir}}/f' },
};
const listed = { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' };

const hidden = threeB2Modes.map((mode) => {
  const { needs, ...profiles } = demands(mode);
  const opens = { status: 200, headers: mode.headers, body: { content } };
  return b2Case({
    id: `b2/hide-markers/${mode.id}/hidden`,
    title: `${mode.title}, hidden and shown again`,
    requirement:
      'A hidden file is not found by name; by its id it opens as before, and by name once the marker is gone.',
    source: sources.b2Hide,
    ...profiles,
    needs: ['versions', ...needs],
    steps: [
      { do: 'b2-upload', name: 'up', file: 'f', content, headers: mode.writing },
      { ...hide, expect: { status: 200, json: { action: 'hide', contentLength: 0 } } },
      { do: 'b2-download', from: { file: 'f' }, headers: mode.reading, expect: { status: 404, code: 'not_found' } },
      {
        do: 'b2-download',
        from: { fileId: '{{up.json.fileId}}' },
        headers: mode.reading,
        expect: opens,
      },
      { do: 'b2-call', operation: 'b2_list_file_names', body: listed, expect: { json: { files: '[]' } } },
      {
        do: 'b2-call',
        operation: 'b2_list_file_versions',
        body: listed,
        expect: {
          json: {
            'files.0.action': 'hide',
            'files.1.fileId': '{{up.json.fileId}}',
            ...Object.fromEntries(Object.entries(mode.json).map(([path, value]) => [`files.1.${path}`, value])),
          },
        },
      },
      {
        do: 'b2-call',
        operation: 'b2_delete_file_version',
        body: { fileName: '{{dir}}/f', fileId: '{{hide.json.fileId}}' },
      },
      { do: 'b2-download', from: { file: 'f' }, headers: mode.reading, expect: opens },
    ],
  });
});

const others = [
  b2Case({
    id: 'b2/hide-markers/no-encryption',
    title: 'a hide marker over a file with SSE-C',
    requirement: 'A hide marker has no content, so that it has no customer key, whatever it hides.',
    source: sources.b2Hide,
    needs: ['versions', 'sse-c'],
    steps: [
      {
        do: 'b2-upload',
        name: 'up',
        file: 'f',
        content,
        headers: keyHeaders('A'),
      },
      { ...hide, expect: { status: 200, json: { 'serverSideEncryption.customerKeyMd5': absent } } },
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: '{{hide.json.fileId}}' },
        expect: { json: { action: 'hide', 'serverSideEncryption.customerKeyMd5': absent } },
      },
      { do: 'b2-download', from: { fileId: '{{hide.json.fileId}}' }, expect: { status: [400, 404] } },
    ],
  }),
  b2Case({
    id: 'b2/hide-markers/twice',
    title: 'a file that is hidden twice',
    requirement: 'A file that is hidden already cannot be hidden.',
    source: sources.b2Hide,
    needs: ['versions'],
    steps: [
      { do: 'b2-upload', file: 'f', content },
      hide,
      { ...hide, expect: { status: 400, code: 'already_hidden' } },
    ],
  }),
  b2Case({
    id: 'b2/hide-markers/missing',
    title: 'a file that there is not, hidden',
    requirement: 'What there is not cannot be hidden.',
    source: sources.b2Hide,
    needs: ['versions'],
    steps: [{ ...hide, expect: { status: 400, code: 'no_such_file' } }],
  }),
];

export const b2HideMarkers: readonly ConformanceCase[] = [...hidden, ...others];
