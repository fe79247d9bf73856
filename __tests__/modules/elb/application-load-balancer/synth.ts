import { Testing } from 'cdktf';
import type { Construct } from 'constructs';

type Resource = Record<string, unknown>;

/** Synthesizes what `build` makes and finds resources by type. */
export function synth(build: (scope: Construct) => void) {
  const json = Testing.synthScope((scope) => build(scope));
  const resources: Record<string, Record<string, Resource>> = JSON.parse(json).resource ?? {};
  const all = (type: string): Resource[] => Object.values(resources[type] ?? {});
  return {
    json,
    all,
    /** The only resource of a type. */
    one(type: string): Resource {
      const found = all(type);
      if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
      return found[0]!;
    },
    /** The only resource of a type whose attribute has a value. */
    where(type: string, attribute: string, value: unknown): Resource {
      const found = all(type).filter((resource) => resource[attribute] === value);
      if (found.length !== 1)
        throw new Error(`expected one ${type} with ${attribute} ${String(value)}, found ${found.length}`);
      return found[0]!;
    },
    /** Logical ids of every resource of a type, in alphabetical order. */
    ids: (type: string): string[] => Object.keys(resources[type] ?? {}),
  };
}
