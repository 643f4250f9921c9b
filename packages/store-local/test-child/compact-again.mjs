// Compacts the metadata of the store in argv[2] again and again until it is killed. Says when it begins.
import { compactMetadata } from '@coffer/store-local';

process.stdout.write('begins\n');
for (;;) await compactMetadata(process.argv[2]);
