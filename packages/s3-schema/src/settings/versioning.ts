import { xmlElement, type XmlElement } from '@coffer/xml';
import { S3Error } from '../values/s3-error.ts';
import { childrenOf, expectRoot, malformedXml, s3Namespace, textOf } from '../values/xml-reading.ts';

/**
 * Reads a `VersioningConfiguration` (AWS docs `PutBucketVersioning`). Buckets always have versions, so all that it may
 * say is that they are on.
 *
 * @throws S3Error `MalformedXML`, `IllegalVersioningConfigurationException` without a status, or `NotImplemented` for
 * suspending versions or asking for a second factor.
 */
export function readVersioning(root: XmlElement): 'Enabled' {
  expectRoot(root, 'VersioningConfiguration');
  const { Status: status, MfaDelete: factor } = childrenOf(root, ['Status', 'MfaDelete']);
  const factorText = factor === undefined ? 'Disabled' : textOf(factor);
  if (factorText !== 'Enabled' && factorText !== 'Disabled') throw malformedXml();
  if (status === undefined) throw new S3Error('IllegalVersioningConfigurationException');
  const text = textOf(status);
  if (text !== 'Enabled' && text !== 'Suspended') throw malformedXml();
  if (text === 'Enabled' && factorText === 'Disabled') return text;
  const message = text === 'Suspended' ? 'Versioning cannot be suspended' : 'MfaDelete is not supported';
  throw new S3Error('NotImplemented', { message });
}

/** `VersioningConfiguration` of any bucket. */
export function versioningXml(): XmlElement {
  return xmlElement('VersioningConfiguration', [xmlElement('Status', 'Enabled')], [['xmlns', s3Namespace]]);
}
