import { readCompleteUpload } from '../requests/complete-upload.ts';
import {
  abortHeaders,
  completeUploadHeaders,
  copyPartHeaders,
  createUploadHeaders,
  uploadPartHeaders,
} from '../requests/object-headers.ts';
import { noQuery, partQuery, uploadQuery } from '../requests/object-queries.ts';
import {
  dataModes,
  deletedAnswer,
  emptyAnswer,
  ordinary,
  xmlAnswer,
  type SupportedRow,
} from '../requests/operation-row.ts';
import { completeUploadXml, copyPartXml, initiateUploadXml } from '../responses/uploaded.ts';
import { s3Headers } from '../values/header-names.ts';
import { maxLongXmlBytes, maxUploadSize } from '../values/limits.ts';
import { copyAnswerHeaders, documentAnswerHeaders, partAnswerHeaders } from './answer-names.ts';
import { lockCapabilities } from './objects.ts';

const common = { ...ordinary, level: 'object', restriction: 'key', capability: { anyOf: ['writeFiles'] } } as const;

/** Multipart uploads (AWS docs, page of each name). */
export const multipartOperations = {
  CreateMultipartUpload: {
    ...common,
    name: 'CreateMultipartUpload',
    methods: ['POST'],
    selectedBy: { query: ['uploads'] },
    capability: { anyOf: ['writeFiles'], besides: lockCapabilities },
    query: noQuery,
    headers: createUploadHeaders,
    encryption: 'write',
    answer: xmlAnswer(initiateUploadXml, [
      ...documentAnswerHeaders,
      s3Headers.checksumAlgorithm,
      s3Headers.checksumType,
    ]),
  },
  UploadPart: {
    ...common,
    name: 'UploadPart',
    methods: ['PUT'],
    selectedBy: { query: ['uploadId', 'partNumber'] },
    payloads: dataModes,
    body: { kind: 'data', maxBytes: maxUploadSize },
    query: partQuery,
    headers: uploadPartHeaders,
    encryption: 'write',
    answer: { ...emptyAnswer, headers: partAnswerHeaders },
  },
  UploadPartCopy: {
    ...common,
    name: 'UploadPartCopy',
    methods: ['PUT'],
    selectedBy: { query: ['uploadId', 'partNumber'], header: s3Headers.copySource },
    capability: { anyOf: ['writeFiles'], source: 'readFiles' },
    restriction: 'copy',
    query: partQuery,
    headers: copyPartHeaders,
    encryption: 'copy',
    answer: xmlAnswer(copyPartXml, copyAnswerHeaders),
  },
  CompleteMultipartUpload: {
    ...common,
    name: 'CompleteMultipartUpload',
    methods: ['POST'],
    selectedBy: { query: ['uploadId'] },
    body: { kind: 'xml', maxBytes: maxLongXmlBytes, isRequired: true, read: readCompleteUpload },
    query: uploadQuery,
    headers: completeUploadHeaders,
    encryption: 'write',
    answer: xmlAnswer(completeUploadXml, documentAnswerHeaders),
  },
  AbortMultipartUpload: {
    ...common,
    name: 'AbortMultipartUpload',
    methods: ['DELETE'],
    selectedBy: { query: ['uploadId'] },
    query: uploadQuery,
    headers: abortHeaders,
    answer: deletedAnswer,
  },
} as const satisfies Record<string, SupportedRow>;
