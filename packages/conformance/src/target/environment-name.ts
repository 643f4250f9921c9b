import * as z from 'zod';

/** Stands where a value is that the description of a target must not hold itself. */
export const environmentName = z.strictObject({ env: z.string().min(1).describe('name of an environment variable') });
