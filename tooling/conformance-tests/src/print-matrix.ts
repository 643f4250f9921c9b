// Prints the matrix of reports in JSON, whose files are the arguments: a column for each, in their order.
import { reportSchema } from '@coffer/conformance';
import { readFile } from 'node:fs/promises';
import { printMatrix } from './matrix.ts';

const files = process.argv.slice(2);
const reports = await Promise.all(
  files.map(async (file) => reportSchema.parse(JSON.parse(await readFile(file, 'utf8')))),
);
process.stdout.write(printMatrix(reports));
