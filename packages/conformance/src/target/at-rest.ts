import * as z from 'zod';
import { environmentName } from './environment-name.ts';

/** The part of a target by which a run starts the server itself, and finds what it stores. */
export const atRestSchema = z
  .strictObject({
    dataDirectory: z.string().min(1).describe('absolute path of all that the server stores'),
    command: z
      .array(z.string().min(1))
      .min(1)
      .describe('program and arguments that run the server; {data} stands for a directory that the run makes'),
    environment: z
      .record(z.string(), z.union([z.string(), environmentName]))
      .default({})
      .describe('variables for the server, besides those of the run; {data} as in the command'),
    stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL']).default('SIGTERM'),
    readyMs: z.int().min(1).default(30_000).describe('milliseconds in which the server has to answer, once started'),
    blockHint: z
      .int()
      .min(16)
      .optional()
      .describe('bytes of content that the server seals at a time, if it is known; tried besides usual sizes'),
  })
  .describe('how to run the server, for the tier at rest');
export type AtRest = z.infer<typeof atRestSchema>;
