import { readDocument, receiveDocument, S3Error } from '@coffer/s3-schema';
import { parseXml, XmlError, XmlReader } from '@coffer/xml';
import fc from 'fast-check';
import { documentNames, documents } from '../s3/documents.ts';
import { oddDocument } from '../s3/odd-documents.ts';
import { outcomeOf, parserTarget, piecesOf, requireSame, streamed, verdictOf } from './parser-target.ts';

const anyDocument = fc
  .constantFrom(...documentNames)
  .chain((name) =>
    fc.record({ name: fc.constant(name), text: oddDocument(documents[name]), size: fc.integer({ min: 1, max: 9 }) }),
  );

/** XML is read alike in whatever pieces it comes. */
export const xmlTarget = parserTarget('xml', anyDocument, async ({ text, size }) => {
  const limits = { maxBytes: 50_000, maxElements: 500 };
  const whole = await outcomeOf(XmlError, () => parseXml(Buffer.from(text, 'latin1'), limits));
  const inPieces = await outcomeOf(XmlError, () => {
    const reader = new XmlReader(limits);
    for (const piece of piecesOf(text, size)) reader.write(piece);
    return reader.end();
  });
  requireSame(whole.value, inPieces.value, 'XML in one piece and in many');
  return verdictOf(whole);
});

/** The document of each operation, too. */
export const documentTarget = parserTarget('documents of S3', anyDocument, async ({ name, text, size }) => {
  const whole = await outcomeOf(S3Error, () => readDocument(name, Buffer.from(text, 'latin1')));
  const inPieces = await outcomeOf(S3Error, () => receiveDocument(name, streamed(text, size)));
  requireSame(whole, inPieces, `${name} in one piece and in many`);
  return verdictOf(whole);
});
