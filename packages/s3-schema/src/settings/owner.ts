import { xmlElement, type XmlElement } from '@coffer/xml';

/** The account that owns buckets and objects; it has no name that others could see. */
export interface Owner {
  /** The id of the account, 12 hexadecimal digits. */
  readonly id: string;
}

/** `Owner`, or `Initiator`, of a response. */
export function ownerXml({ id }: Owner, name: 'Owner' | 'Initiator' = 'Owner'): XmlElement {
  return xmlElement(name, [xmlElement('ID', id), xmlElement('DisplayName')]);
}
