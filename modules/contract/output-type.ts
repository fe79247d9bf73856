/** The type of an output, in Terraform's type system. */
export type OutputType =
  | { readonly kind: 'string' }
  | { readonly kind: 'number' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'list'; readonly element: OutputType }
  | { readonly kind: 'map'; readonly element: OutputType }
  | { readonly kind: 'object'; readonly attributes: Readonly<Record<string, OutputType>> };

/** The types an output may have, named as Terraform names them. */
export const t = {
  string: { kind: 'string' },
  number: { kind: 'number' },
  bool: { kind: 'bool' },
  list: <E extends OutputType>(element: E) => ({ kind: 'list', element }) as const,
  map: <E extends OutputType>(element: E) => ({ kind: 'map', element }) as const,
  object: <A extends Readonly<Record<string, OutputType>>>(attributes: A) => ({ kind: 'object', attributes }) as const,
} as const;

/**
 * A plain value of a type, as in a fixture. The first line stops the recursion at a type that is not known yet, while a
 * contract's own type is being inferred.
 */
export type Example<T> = OutputType extends T
  ? unknown
  : T extends { kind: 'string' }
    ? string
    : T extends { kind: 'number' }
      ? number
      : T extends { kind: 'bool' }
        ? boolean
        : T extends { kind: 'list'; element: infer E }
          ? readonly Example<E>[]
          : T extends { kind: 'map'; element: infer E }
            ? { readonly [key: string]: Example<E> }
            : T extends { kind: 'object'; attributes: infer A }
              ? { readonly [K in keyof A]: Example<A[K]> }
              : never;

/** A type as Terraform writes it: `map(object({ arn = string }))`. Attribute order does not matter and is sorted. */
export function typeText(type: OutputType): string {
  switch (type.kind) {
    case 'list':
    case 'map':
      return `${type.kind}(${typeText(type.element)})`;
    case 'object': {
      const attributes = Object.entries(type.attributes).map(
        ([name, attribute]) => `${snakeCase(name)} = ${typeText(attribute)}`,
      );
      return `object({ ${attributes.sort().join(', ')} })`;
    }
    default:
      return type.kind;
  }
}

/** `vpcId` as Terraform spells it: `vpc_id`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
