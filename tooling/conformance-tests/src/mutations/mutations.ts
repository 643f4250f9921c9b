import { b2Mutations } from './b2-mutations.ts';
import type { Mutation } from './mutation.ts';
import { s3Mutations } from './s3-mutations.ts';

/** All variants of a server that the suite has to notice. */
export const mutations: readonly Mutation[] = [...b2Mutations, ...s3Mutations];
