/** An element of an XML document. */
export interface XmlElement {
  /** Without its namespace's prefix. */
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<[?!][^>]*>|<(\/?)([^\s/>]+)([^>]*?)(\/?)>|([^<]+)/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

/** Reads a document as AWS and its clients write it: elements and text. Attributes are left out. */
export function parseXml(document: string): XmlElement | undefined {
  const root: XmlElement = { name: '', children: [], text: '' };
  const path = [root];
  for (const [, cdata, closing, name, , empty, text] of document.matchAll(TOKEN)) {
    const current = path.at(-1)!;
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += decode(text);
    else if (name !== undefined && closing === '/') {
      if (path.length > 1) path.pop();
    } else if (name !== undefined) {
      const element: XmlElement = { name: name.slice(name.indexOf(':') + 1), children: [], text: '' };
      current.children.push(element);
      if (empty !== '/') path.push(element);
    }
  }
  return root.children[0];
}

/** Text as it stands in an element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const hexadecimal = entity[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(parseInt(entity.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10));
  });
}
