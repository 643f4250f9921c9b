import * as z from 'zod';

const headersSchema = z.array(z.tuple([z.string(), z.string()])).describe('name and value of each line');

const bodySchema = z.strictObject({
  bytes: z.int().min(0).describe('length of the whole body'),
  encoding: z.enum(['text', 'hex']).describe('hex where the body is not text in UTF-8'),
  shown: z.string().describe('the begin of the body, at most 2,048 bytes of text or 256 of others'),
  cut: z.boolean().describe('whether the body goes on behind what is shown'),
});
export type ShownBody = z.infer<typeof bodySchema>;

/** A request of a case and what came back, as a report shows them: without secrets, and cut. */
export const exchangeSchema = z.strictObject({
  step: z.int().min(1).describe('number of the step of the case that sent it'),
  request: z.strictObject({
    method: z.string(),
    url: z.string(),
    line: z.string().nullable().describe('the first line, if the request was sent byte by byte; null otherwise'),
    headers: headersSchema,
    body: bodySchema,
  }),
  answer: z
    .strictObject({ status: z.int().min(0), headers: headersSchema, body: bodySchema })
    .nullable()
    .describe('null if there was none'),
  failure: z.string().nullable().describe('why there was no answer; null if there was one'),
});
export type Exchange = z.infer<typeof exchangeSchema>;
