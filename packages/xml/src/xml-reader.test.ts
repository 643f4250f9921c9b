import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xmlElement } from './xml-element.ts';
import { XmlError } from './xml-error.ts';
import type { XmlLimits } from './xml-limits.ts';
import { parseXml, XmlReader } from './xml-reader.ts';

const limits = { maxBytes: 4_000_000 };

function outcome(source: string | Uint8Array, with_: XmlLimits = limits): unknown {
  try {
    return parseXml(source, with_);
  } catch (error) {
    return error instanceof XmlError ? error.code : error;
  }
}

describe('parseXml', () => {
  it('reads elements, attributes, text, CDATA, references and comments', () => {
    const source = `\uFEFF<?xml version="1.0" encoding="utf-8"?><!-- a -->
      <a xmlns="urn:any" xmlns:x="urn:x" b="c" x:d='e&#33;'>
        <f/><g> h<!-- i -->&amp;&lt;&gt;&quot;&apos;&#x1F600;&#10;</g><j><![CDATA[<k>]]></j>
      </a><!-- l -->`;
    expect(outcome(source)).toEqual(
      xmlElement(
        'a',
        [xmlElement('f'), xmlElement('g', ' h&<>"\'\u{1F600}\n'), xmlElement('j', '<k>')],
        [
          ['b', 'c'],
          ['x:d', 'e!'],
        ],
      ),
    );
  });

  it.each([
    ['nothing', '', 'not_well_formed'],
    ['no XML', 'AES256', 'not_well_formed'],
    ['an end that is missing', '<a>', 'not_well_formed'],
    ['another end', '<a></b>', 'not_well_formed'],
    ['an end alone', '</a>', 'not_well_formed'],
    ['two roots', '<a/><b/>', 'not_well_formed'],
    ['text behind the root', '<a/>b', 'not_well_formed'],
    ['text before the root', 'b<a/>', 'not_well_formed'],
    ['an attribute in an end tag', '<a></a b="c">', 'not_well_formed'],
    ['an attribute without quotes', '<a b=c/>', 'not_well_formed'],
    ['an attribute twice', '<a b="" b=""/>', 'not_well_formed'],
    ['a comment with two hyphens', '<!-- -- --><a/>', 'not_well_formed'],
    ['an unknown entity', '<a>&b;</a>', 'not_well_formed'],
    ['the name of a property of objects as an entity', '<a>&constructor;</a>', 'not_well_formed'],
    ['an illegal reference', '<a>&#1;</a>', 'not_well_formed'],
    ['a reference to a surrogate', '<a>&#xD800;</a>', 'not_well_formed'],
    ['an illegal character', '<a>\u0001</a>', 'not_well_formed'],
    ['the end of CDATA', '<a>]]></a>', 'not_well_formed'],
    ['an unbound prefix', '<a b:c=""/>', 'not_well_formed'],
    ['a late declaration', ' <?xml version="1.0"?><a/>', 'not_well_formed'],
    ['a document type', '<!DOCTYPE a><a/>', 'document_type'],
    ['entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'document_type'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'document_type'],
    ['a processing instruction', '<a><?b c?></a>', 'processing_instruction'],
    ['a prefixed element', '<x:a xmlns:x="urn:x"/>', 'prefixed_element'],
    ['mixed content', '<a>b<c/></a>', 'mixed_content'],
    ['mixed content behind', '<a><c/>b</a>', 'mixed_content'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'not_utf8'],
    ['bytes that are no UTF-8', Uint8Array.of(0x3c, 0x61, 0xff, 0x2f, 0x3e), 'not_utf8'],
    ['UTF-8 that breaks off', Uint8Array.of(0x3c, 0x61, 0x2f, 0x3e, 0xc3), 'not_utf8'],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x3c, 0x00, 0x61, 0x00), 'not_utf8'],
    ['17 levels', '<a>'.repeat(17) + '</a>'.repeat(17), 'too_deep'],
    ['17 attributes', `<a ${Array.from({ length: 17 }, (_, i) => `b${i}=""`).join(' ')}/>`, 'too_many_attributes'],
  ])('refuses %s', (_, source, code) => {
    expect(outcome(source)).toBe(code);
  });

  it('takes what just keeps the limits', () => {
    expect(outcome('<a>'.repeat(16) + '</a>'.repeat(16))).toBeTypeOf('object');
    expect(outcome('<a>ü</a>', { maxBytes: 9 })).toBeTypeOf('object');
    expect(outcome('<a>ü</a>', { maxBytes: 8 })).toBe('too_long');
    expect(outcome('<a><b/><b/></a>', { ...limits, maxElements: 3 })).toBeTypeOf('object');
    expect(outcome('<a><b/><b/></a>', { ...limits, maxElements: 2 })).toBe('too_many_elements');
  });

  it('answers any text with a tree or an XmlError', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom('<', '>', '/', 'a', ' ', '=', '"', '<!--', '-->', '<a>', '</a>', '&', ';', '\n', '<![CDATA['),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const result = outcome(parts.join(''));
        expect(result).not.toBeInstanceOf(Error);
      }),
    );
  });

  it.each([
    ['a name', (n: number) => `<${'a'.repeat(n)}`],
    ['spaces in a tag', (n: number) => `<a${' '.repeat(n)}`],
    ['hyphens of a comment', (n: number) => `<!--${'-'.repeat(n)}`],
    ['an entity', (n: number) => `<a>&${'b'.repeat(n)}`],
    ['references', (n: number) => `<a>${'&amp;'.repeat(n / 5)}`],
    ['line ends', (n: number) => `<a>${'\r\n'.repeat(n / 2)}`],
    ['an attribute', (n: number) => `<a b="${'&lt;\n'.repeat(n / 5)}`],
    ['a document type', (n: number) => `<!DOCTYPE a [${'<!ENTITY b "c">'.repeat(n / 15)}`],
    ['open tags', (n: number) => '<a>'.repeat(n / 3)],
    ['attributes', (n: number) => `<a ${'b="" '.repeat(n / 5)}`],
    ['namespaces', (n: number) => `<a ${Array.from({ length: n / 20 }, (_, i) => `xmlns:n${i}="u" `).join('')}`],
    ['ends of CDATA', (n: number) => `<a><![CDATA[${']'.repeat(n)}`],
    ['siblings', (n: number) => `<a>${'<b/>'.repeat(n / 4)}`],
  ])('refuses endless %s in time that grows with the length only', (_, document) => {
    const timeOf = (length: number): number => {
      const source = new TextEncoder().encode(document(length));
      const start = performance.now();
      expect(outcome(source)).toBeTypeOf('string');
      return performance.now() - start;
    };
    timeOf(10_000);
    // Half a million characters take some 20 ms; were the time quadratic, they would take minutes.
    expect(timeOf(500_000)).toBeLessThan(5_000);
  });
});

describe('XmlReader', () => {
  it('gives the same tree however the bytes are cut', () => {
    const source = new TextEncoder().encode(
      `<?xml version='1.0'?>\r\n<a b="ü">\r\n<c>\u{1F600}&#65;\r</c><d><![CDATA[]]]]></d></a>`,
    );
    const whole = parseXml(source, limits);
    fc.assert(
      fc.property(fc.array(fc.nat(source.length)), (cuts) => {
        const reader = new XmlReader(limits);
        let at = 0;
        for (const cut of [...cuts.toSorted((x, y) => x - y), source.length]) {
          reader.write(source.subarray(at, cut));
          at = cut;
        }
        expect(reader.end()).toEqual(whole);
      }),
    );
  });

  it('refuses as soon as the limit of bytes is passed', () => {
    const reader = new XmlReader({ maxBytes: 8 });
    reader.write(new Uint8Array(8).fill(0x20));
    expect(() => {
      reader.write(new Uint8Array(1));
    }).toThrow(expect.objectContaining({ code: 'too_long' }));
  });
});
