import type { SecretBytes } from '@coffer/bytes';
import { signatureDoesNotMatch } from './check-signature.ts';
import type { PolicyClaim } from './schemes/policy-fields.ts';
import { sameSignature, signatureWith } from './signature/signing-key.ts';

/** Whether the signature is that of another policy or key. The string to sign is the policy in base64, as it came. */
export function policyMismatch(key: SecretBytes, { policy, signature }: PolicyClaim): boolean {
  return !sameSignature(signatureWith(key, policy), signature);
}

/** @throws SigV4Error `SignatureDoesNotMatch` */
export function requirePolicySignature(key: SecretBytes, claim: PolicyClaim): void {
  if (policyMismatch(key, claim)) throw signatureDoesNotMatch(claim, claim.policy);
}
