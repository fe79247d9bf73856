import type { MemberReference, ServiceModel, Shape } from './service-model';
import { readScalar } from './read-xml';

/** Fields of a form, in the order they were sent. */
type Fields = ReadonlyMap<string, string>;

/** The input of an operation of the query and EC2 protocols, where `Tags.member.1.Key=a` is a list of structures. */
export function readQuery(model: ServiceModel, shapeName: string, fields: Fields): Record<string, unknown> {
  const groups = new Set<string>();
  for (const name of fields.keys()) {
    for (let end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) groups.add(name.slice(0, end));
  }
  return (readValue(model, shapeName, '', { fields, groups }) ?? {}) as Record<string, unknown>;
}

/** The other way: fields for an input. */
export function writeQuery(model: ServiceModel, shapeName: string, input: unknown): [string, string][] {
  return writeValue(model, shapeName, '', input);
}

interface Form {
  readonly fields: Fields;
  /** All that stands before a dot of a field's name. */
  readonly groups: ReadonlySet<string>;
}

function readValue(model: ServiceModel, shapeName: string, prefix: string, form: Form, flattened = false): unknown {
  const shape = model.shapes[shapeName];
  if (shape === undefined) return undefined;
  if (shape.type === 'structure') {
    if (prefix !== '' && !form.groups.has(prefix)) return undefined;
    const value: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const wire = wireName(model, name, member);
      const found = readValue(model, member.shape, joined(prefix, wire), form, member.flattened === true);
      if (found !== undefined) value[name] = found;
    }
    return value;
  }
  if (shape.type === 'list') {
    const base = itemsPrefix(model, shape, prefix, flattened);
    const items: unknown[] = [];
    for (let index = 1; has(form, `${base}.${index}`); index += 1)
      items.push(readValue(model, shape.member!.shape, `${base}.${index}`, form));
    if (items.length > 0) return items;
    return form.fields.has(prefix) ? [] : undefined;
  }
  if (shape.type === 'map') {
    const base = shape.flattened === true || flattened ? prefix : `${prefix}.entry`;
    const entries: [string, unknown][] = [];
    for (let index = 1; has(form, `${base}.${index}`); index += 1) {
      const key = form.fields.get(`${base}.${index}.${shape.key!.locationName ?? 'key'}`) ?? '';
      const at = `${base}.${index}.${shape.value!.locationName ?? 'value'}`;
      entries.push([key, readValue(model, shape.value!.shape, at, form)]);
    }
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  const text = form.fields.get(prefix);
  return text === undefined ? undefined : readScalar(shape.type, text);
}

function writeValue(
  model: ServiceModel,
  shapeName: string,
  prefix: string,
  value: unknown,
  flattened = false,
): [string, string][] {
  const shape = model.shapes[shapeName];
  if (shape === undefined || value === undefined) return [];
  if (shape.type === 'structure') {
    return Object.entries(shape.members ?? {}).flatMap(([name, member]) =>
      writeValue(
        model,
        member.shape,
        joined(prefix, wireName(model, name, member)),
        (value as Record<string, unknown>)[name],
        member.flattened === true,
      ),
    );
  }
  if (shape.type === 'list') {
    const base = itemsPrefix(model, shape, prefix, flattened);
    return (value as unknown[]).flatMap((item, index) =>
      writeValue(model, shape.member!.shape, `${base}.${index + 1}`, item),
    );
  }
  return [[prefix, String(value)]];
}

function itemsPrefix(model: ServiceModel, shape: Shape, prefix: string, flattened: boolean): string {
  if (model.metadata.protocol === 'ec2') return prefix;
  const own = shape.member?.locationName;
  if (shape.flattened !== true && !flattened) return `${prefix}.${own ?? 'member'}`;
  // A flattened list is called as its items are.
  return own === undefined ? prefix : [...prefix.split('.').slice(0, -1), own].join('.');
}

function wireName(model: ServiceModel, name: string, member: MemberReference): string {
  if (model.metadata.protocol !== 'ec2') return member.locationName ?? name;
  const wire = member.queryName ?? member.locationName ?? name;
  return member.queryName === undefined ? `${wire[0]!.toUpperCase()}${wire.slice(1)}` : wire;
}

function has({ fields, groups }: Form, name: string): boolean {
  return fields.has(name) || groups.has(name);
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
