import type { ServiceModel } from './service-model';
import type { XmlElement } from './xml';

/** A value as its shape describes it, from an element of a REST-XML request or of a reply in XML. */
export function readXml(model: ServiceModel, shapeName: string, element: XmlElement): unknown {
  const shape = model.shapes[shapeName];
  if (shape === undefined) return undefined;
  switch (shape.type) {
    case 'structure': {
      const value: Record<string, unknown> = {};
      for (const [name, member] of Object.entries(shape.members ?? {})) {
        const found = element.children.filter((child) => child.name === (member.locationName ?? name));
        const inner = model.shapes[member.shape];
        if (inner?.type === 'list' && (inner.flattened === true || member.flattened === true)) {
          const of = inner.member!;
          const items = of.locationName === undefined || found.length > 0 ? found : named(element, of.locationName);
          if (items.length > 0) value[name] = items.map((item) => readXml(model, of.shape, item));
        } else if (found[0] !== undefined) value[name] = readXml(model, member.shape, found[0]);
      }
      return value;
    }
    case 'list':
      return element.children.map((child) => readXml(model, shape.member!.shape, child));
    case 'map':
      return Object.fromEntries(
        element.children.map((entry) => {
          const [key, value] = [shape.key!.locationName ?? 'key', shape.value!.locationName ?? 'value'];
          const held = named(entry, value)[0];
          return [named(entry, key)[0]?.text ?? '', held && readXml(model, shape.value!.shape, held)];
        }),
      );
    default:
      return readScalar(shape.type, element.text);
  }
}

/** Text as a number or a truth value, where its type says so; what is neither stays text. */
export function readScalar(type: string, text: string): unknown {
  if (['integer', 'long', 'float', 'double'].includes(type))
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function named(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
