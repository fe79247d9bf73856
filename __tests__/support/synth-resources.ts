import { Testing } from 'cdktf';
import type { Construct } from 'constructs';
import { parseTerraformJson } from './parse-json';

type Block = Record<string, unknown>;
type Blocks = Record<string, Record<string, Block>>;

/** Synthesizes what `build` makes and finds resources and data sources by type. */
export function synthResources(build: (scope: Construct) => void) {
  const json = JSON.parse(Testing.synthScope((scope) => build(scope))) as {
    resource?: Blocks;
    data?: Blocks;
    output?: Record<string, { value: unknown }>;
  };
  const { resource = {}, data = {}, output = {} } = json;
  const of = (blocks: Blocks, type: string): Block[] => Object.values(blocks[type] ?? {});
  const only = (blocks: Blocks, type: string): Block => {
    const found = of(blocks, type);
    if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
    return found[0]!;
  };
  return {
    /** Values of the outputs, by name. */
    outputs: Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value])),
    types: Object.keys(resource).sort(),
    all: (type: string) => of(resource, type),
    /** All resources of a type, by their logical ids. */
    raw: (type: string): Readonly<Record<string, Block>> => resource[type] ?? {},
    /** The only resource of a type. */
    one: (type: string) => only(resource, type),
    /** The only data source of a type. */
    data: (type: string) => only(data, type),
    /** A JSON document that the only resource of a type holds; see `parseTerraformJson`. */
    document: (type: string, attribute = 'policy') => parseTerraformJson(only(resource, type)[attribute]),
  };
}
