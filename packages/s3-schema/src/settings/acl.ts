import type { HeaderPair } from '@coffer/http';
import { xmlElement, type XmlElement } from '@coffer/xml';
import { s3Headers } from '../values/header-names.ts';
import { invalidArgument, S3Error } from '../values/s3-error.ts';
import { allChildren, childrenOf, expectRoot, s3Namespace, textOf } from '../values/xml-reading.ts';
import { ownerXml, type Owner } from './owner.ts';

/** The two access control lists that there are (B2 docs "S3 Compatible API"): of private and of public buckets. */
export const cannedAcls = ['private', 'public-read'] as const;
/** Who may read the objects of a bucket: holders of keys, or everybody. */
export type CannedAcl = (typeof cannedAcls)[number];

/** Canned lists of AWS that this server does not have (AWS docs "Access control list overview"). */
const unsupportedAcls: readonly string[] = [
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
  'log-delivery-write',
];
const everybody = 'http://acs.amazonaws.com/groups/global/AllUsers';
const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * Reads `x-amz-acl`.
 *
 * @throws S3Error `NotImplemented` for a list of AWS that there is not, `InvalidArgument` for any other word.
 */
export function parseCannedAcl(text: string): CannedAcl {
  const acl = cannedAcls.find((known) => known === text);
  if (acl !== undefined) return acl;
  if (unsupportedAcls.includes(text)) throw notImplementedAcl();
  throw invalidArgument(s3Headers.acl, 'The canned ACL is not one of private and public-read', text);
}

function notImplementedAcl(): S3Error {
  return new S3Error('NotImplemented', { message: 'Only the ACLs private and public-read are supported' });
}

/**
 * Refuses the headers that grant rights to single accounts.
 *
 * @throws S3Error `NotImplemented`
 */
export function refuseGrantHeaders(headers: Iterable<HeaderPair>): void {
  for (const [name] of headers) {
    const header = name.toLowerCase();
    if (header.startsWith('x-amz-grant-')) throw new S3Error('NotImplemented', { details: { Header: header } });
  }
}

/**
 * The list in an `AccessControlPolicy`: its grants must be those of one of the two canned ones.
 *
 * @throws S3Error `MalformedACLError`, or `NotImplemented` for other grants.
 */
export function readAcl(root: XmlElement, owner: Owner): CannedAcl {
  expectRoot(root, 'AccessControlPolicy', 'MalformedACLError');
  const grants = asAclError(() => {
    const { Owner: given, AccessControlList: list } = childrenOf(root, ['Owner', 'AccessControlList']);
    if (list === undefined || allChildren(list, 'Grant').length < list.children.length) return undefined;
    const ownerId = given === undefined ? undefined : childrenOf(given, ['ID', 'DisplayName']).ID;
    if (ownerId !== undefined && textOf(ownerId) !== owner.id) throw notImplementedAcl();
    return list.children.map((grant) => readGrant(grant, owner));
  });
  return aclOf(grants);
}

function asAclError<T>(read: () => T | undefined): T {
  try {
    const value = read();
    if (value !== undefined) return value;
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'MalformedXML') throw error;
  }
  throw new S3Error('MalformedACLError');
}

type Grant = 'owner' | 'public' | 'other';

function readGrant(grant: XmlElement, owner: Owner): Grant {
  const { Grantee: grantee, Permission: permission } = childrenOf(grant, ['Grantee', 'Permission']);
  if (grantee === undefined || permission === undefined) throw new S3Error('MalformedACLError');
  const { ID: id, URI: uri } = childrenOf(grantee, ['ID', 'DisplayName', 'URI', 'EmailAddress']);
  const right = textOf(permission);
  if (id !== undefined && textOf(id) === owner.id && right === 'FULL_CONTROL') return 'owner';
  return uri !== undefined && textOf(uri) === everybody && right === 'READ' ? 'public' : 'other';
}

function aclOf(grants: readonly Grant[]): CannedAcl {
  const isOwned = grants.filter((grant) => grant === 'owner').length === 1;
  const isPublic = grants.filter((grant) => grant === 'public').length === 1;
  if (isOwned && grants.length === 1) return 'private';
  if (isOwned && isPublic && grants.length === 2) return 'public-read';
  throw notImplementedAcl();
}

/**
 * The list that `PutBucketAcl` or `PutObjectAcl` asks for: in the header or in the body, and not in both.
 *
 * @throws S3Error `UnexpectedContent`, `MissingSecurityHeader`, and as {@link readAcl}.
 */
export function chooseAcl(header: CannedAcl | undefined, body: XmlElement | undefined, owner: Owner): CannedAcl {
  if (header !== undefined && body !== undefined) throw new S3Error('UnexpectedContent');
  if (header !== undefined) return header;
  if (body !== undefined) return readAcl(body, owner);
  throw new S3Error('MissingSecurityHeader', { details: { MissingHeaderName: s3Headers.acl } });
}

/** `AccessControlPolicy` of a bucket or an object. */
export function aclXml(acl: CannedAcl, owner: Owner): XmlElement {
  const ofOwner = grantXml('CanonicalUser', [xmlElement('ID', owner.id), xmlElement('DisplayName')], 'FULL_CONTROL');
  const ofAll = grantXml('Group', [xmlElement('URI', everybody)], 'READ');
  const list = xmlElement('AccessControlList', acl === 'private' ? [ofOwner] : [ofOwner, ofAll]);
  return xmlElement('AccessControlPolicy', [ownerXml(owner), list], [['xmlns', s3Namespace]]);
}

function grantXml(type: string, who: readonly XmlElement[], permission: string): XmlElement {
  const attributes = [
    ['xmlns:xsi', instanceNamespace],
    ['xsi:type', type],
  ] as const;
  return xmlElement('Grant', [xmlElement('Grantee', who, attributes), xmlElement('Permission', permission)]);
}
