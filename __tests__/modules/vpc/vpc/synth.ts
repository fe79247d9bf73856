import { Testing } from 'cdktf';
import type { Construct } from 'constructs';

export type Attributes = Record<string, unknown> & {
  readonly tags?: Record<string, string>;
  readonly lifecycle?: Record<string, unknown>;
};

/** What a construct synthesizes to: resources and data sources by their type, in the order of their logical ids. */
export function synth(make: (scope: Construct) => unknown) {
  const stack = JSON.parse(Testing.synthScope((scope) => void make(scope)));
  const list = (kind: 'resource' | 'data', type: string) => Object.values<Attributes>(stack[kind]?.[type] ?? {});
  return {
    resources: (type: string) => list('resource', type),
    data: (type: string) => list('data', type),
    one: (type: string): Attributes => {
      const found = list('resource', type);
      if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}`);
      return found[0]!;
    },
    /** Logical ids: what Terraform's state goes by. */
    ids: (type: string) => Object.keys(stack.resource?.[type] ?? {}),
    json: JSON.stringify(stack),
  };
}

/** The message that making something fails with. */
export function errorOf(make: (scope: Construct) => unknown): string {
  try {
    synth(make);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
