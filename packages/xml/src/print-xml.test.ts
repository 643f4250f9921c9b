import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml, printXml } from './print-xml.ts';
import { xmlElement, type XmlElement } from './xml-element.ts';
import { parseXml } from './xml-reader.ts';

const limits = { maxBytes: 1_000_000 };
const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/).filter((text) => !text.toLowerCase().startsWith('xml'));
const anyText = fc.string({ unit: 'binary' });
const legalText = anyText.map((text) => parseXml(`<a>${escapeXml(text)}</a>`, limits).text);
const attributes = fc.uniqueArray(fc.tuple(name, legalText), { selector: ([key]) => key, maxLength: 4 });

const { tree } = fc.letrec<{ tree: XmlElement; leaf: XmlElement; branch: XmlElement }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('branch')),
  leaf: fc.tuple(name, legalText, attributes).map(([key, text, others]) => xmlElement(key, text, others)),
  branch: fc
    .tuple(name, fc.array(tie('tree'), { minLength: 1, maxLength: 4 }), attributes)
    .map(([key, children, others]) => xmlElement(key, children, others)),
}));

describe('printXml', () => {
  it('prints what reads as the same tree', () => {
    fc.assert(
      fc.property(tree, (root) => {
        expect(parseXml(printXml(root), limits)).toEqual(root);
      }),
    );
  });

  it('prints any text so that only what XML cannot express is lost', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseXml(printXml(xmlElement('a', text)), limits).text;
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        const illegal = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;
        expect(read).toBe(text.replace(illegal, '\ufffd'));
      }),
    );
  });

  it.each([
    ['a & b < c > "d" \'e\'', 'a &amp; b &lt; c &gt; &quot;d&quot; &apos;e&apos;'],
    ['\t\n\r\u007f\u0085', '&#9;&#10;&#13;&#127;&#133;'],
    ['\u0000\u0001\u001f\ufffe\uffff\ud800', '\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd'],
    ['ü\u{1F600}', 'ü\u{1F600}'],
  ])('escapes %j', (text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });

  it('gives an empty element two tags', () => {
    expect(printXml(xmlElement('a', [xmlElement('b')]))).toContain('<a><b></b></a>');
  });

  it.each([
    xmlElement(''),
    xmlElement('a b'),
    xmlElement('a:b:c'),
    xmlElement('a', '', [['b>', '']]),
    { ...xmlElement('a', 'b'), children: [xmlElement('c')] },
  ])('does not print what is no element: %j', (element) => {
    expect(() => printXml(element)).toThrow(expect.objectContaining({ code: 'unprintable' }));
  });
});
