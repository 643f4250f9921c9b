import { SecretString } from '@coffer/bytes';
import type { Signer } from '../src/signer.ts';

/** The credentials and the time of the examples in the Amazon S3 API Reference. */
export const awsExample: Signer = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secret: SecretString.of('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
  region: 'us-east-1',
  now: Date.UTC(2013, 4, 24),
};

/** Credentials in the form of B2's application keys. */
export const b2Example: Signer = {
  accessKeyId: '0014a98f9d9e8d00000000001',
  secret: SecretString.of('K001ExampleExampleExampleExampl'),
  region: 'us-west-004',
  now: Date.UTC(2026, 0, 2, 3, 4, 5),
};
