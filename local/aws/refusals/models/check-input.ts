import type { ServiceModel, Shape } from './service-model';

/** A rule of a model that a value breaks. */
export interface Violation {
  /** Where: `containerDefinitions.1.member.name`, as AWS writes it. */
  readonly member: string;
  readonly kind: 'missing' | 'enum' | 'pattern' | 'length' | 'range';
  /** The rule, in AWS's words. */
  readonly constraint: string;
  /** Undefined where there is none, or where it is secret. */
  readonly value?: string;
}

/** Holds an input against its shape: required members, enumerations, patterns, lengths and ranges, all the way down. */
export function checkInput(model: ServiceModel, shapeName: string, input: unknown): Violation[] {
  const violations: Violation[] = [];
  check(model, shapeName, input, '', violations);
  return violations;
}

function check(model: ServiceModel, shapeName: string, value: unknown, path: string, found: Violation[]): void {
  const shape = model.shapes[shapeName];
  if (shape === undefined || value === undefined || value === null || shape.document === true) return;
  const add = (kind: Violation['kind'], constraint: string): void =>
    void found.push({ member: path, kind, constraint, value: shape.sensitive === true ? undefined : shown(value) });
  switch (shape.type) {
    case 'structure': {
      if (typeof value !== 'object') return;
      const given = value as Record<string, unknown>;
      for (const name of shape.required ?? []) {
        const member = shape.members?.[name];
        const skipped = member === undefined || member.streaming === true || isStream(model, member.shape);
        if (!skipped && (given[name] === undefined || given[name] === null))
          found.push({ member: joined(path, name), kind: 'missing', constraint: 'Member must not be null' });
      }
      for (const [name, member] of Object.entries(shape.members ?? {}))
        check(model, member.shape, given[name], joined(path, name), found);
      return;
    }
    case 'list': {
      if (!Array.isArray(value)) return;
      size(shape, value.length, add);
      value.forEach((item, index) =>
        check(model, shape.member!.shape, item, `${joined(path, String(index + 1))}.member`, found),
      );
      return;
    }
    case 'map': {
      if (typeof value !== 'object') return;
      size(shape, Object.keys(value).length, add);
      for (const [key, item] of Object.entries(value)) {
        check(model, shape.key!.shape, key, joined(path, 'key'), found);
        check(model, shape.value!.shape, item, joined(path, `${key}.member`), found);
      }
      return;
    }
    case 'string':
      if (typeof value === 'string') text(shape, value, add);
      return;
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      if (typeof value !== 'number') return;
      if (shape.min !== undefined && value < shape.min)
        add('range', `Member must have value greater than or equal to ${shape.min}`);
      if (shape.max !== undefined && value > shape.max)
        add('range', `Member must have value less than or equal to ${shape.max}`);
  }
}

type Add = (kind: Violation['kind'], constraint: string) => void;

function size(shape: Shape, length: number, add: Add): void {
  if (shape.min !== undefined && length < shape.min)
    add('length', `Member must have length greater than or equal to ${shape.min}`);
  if (shape.max !== undefined && length > shape.max)
    add('length', `Member must have length less than or equal to ${shape.max}`);
}

function text(shape: Shape, value: string, add: Add): void {
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    add('enum', `Member must satisfy enum value set: [${shape.enum.join(', ')}]`);
    return;
  }
  size(shape, [...value].length, add);
  const pattern = shape.pattern === undefined ? undefined : compiled(shape.pattern);
  if (pattern !== undefined && !pattern.test(value))
    add('pattern', `Member must satisfy regular expression pattern: ${shape.pattern}`);
}

const patterns = new Map<string, RegExp | undefined>();

/** Classes of characters that Java has and JavaScript has not, as the inside of a set. */
const JAVA_CLASSES: Readonly<Record<string, string>> = {
  Alnum: 'A-Za-z0-9',
  Alpha: 'A-Za-z',
  ASCII: '\\x00-\\x7F',
  Blank: ' \\t',
  Digit: '0-9',
  Graph: '\\x21-\\x7E',
  IsAlphabetic: '\\p{Alphabetic}',
  IsLetter: '\\p{L}',
  Lower: 'a-z',
  Print: '\\x20-\\x7E',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: '\\s',
  Upper: 'A-Z',
};

/** A model's pattern, which is about the whole text; undefined for one that only Java reads. */
function compiled(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) {
    const flagged = /^\(\?([ism]+)\)/.exec(pattern);
    const flags = flagged?.[1]?.includes('i') === true ? 'i' : '';
    const source = `^(?:${withoutJavaClasses(pattern.slice(flagged?.[0].length ?? 0))})$`;
    // Without `u` an escape that is none is a letter, which is right for all but classes.
    const lenient = /\\[pP]\{/.test(source) ? undefined : regExp(source, `${flags}s`);
    patterns.set(pattern, regExp(source, `u${flags}s`) ?? lenient);
  }
  return patterns.get(pattern);
}

function withoutJavaClasses(pattern: string): string {
  let depth = 0;
  return pattern.replace(/\\p\{(\w+)\}|\\.|[[\]]/g, (whole, name: string | undefined) => {
    if (whole === '[') depth += 1;
    if (whole === ']') depth -= 1;
    // The ends of the text, which a pattern has here anyway.
    if (['\\A', '\\z', '\\Z'].includes(whole)) return '';
    const inside = name === undefined ? undefined : JAVA_CLASSES[name];
    if (inside === undefined) return whole;
    return depth > 0 ? inside : `[${inside}]`;
  });
}

function regExp(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function isStream(model: ServiceModel, shape: string): boolean {
  return model.shapes[shape]?.type === 'blob' || model.shapes[shape]?.streaming === true;
}

/** AWS writes members with a small first letter, whatever the model says. */
function joined(path: string, name: string): string {
  const part = `${name[0]?.toLowerCase() ?? ''}${name.slice(1)}`;
  return path === '' ? part : `${path}.${part}`;
}

function shown(value: unknown): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.length > 200 ? `${written.slice(0, 200)}...` : written;
}
