import assert from 'node:assert/strict';
import { parseXml, printXml, XmlError, xmlElement } from '@coffer/xml';

// A plain tree from a document of bytes or text, within limits.
const root = parseXml('<Delete xmlns="urn:any"><Object><Key>a &amp; b</Key></Object></Delete>', { maxBytes: 1024 });
assert.equal(root.name, 'Delete');
assert.equal(root.children[0]?.children[0]?.text, 'a & b');

// What an attacker would use is refused by name.
assert.throws(
  () => parseXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', { maxBytes: 1024 }),
  (error) => error instanceof XmlError && error.code === 'document_type',
);

// And back: everything is escaped, and what XML cannot express is replaced.
const document = printXml(xmlElement('Error', [xmlElement('Message', '<none>')]));
assert.equal(
  document,
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Error><Message>&lt;none&gt;</Message></Error>',
);
