import type * as z from 'zod';

/** The config schema of each layer, by layer id; with an optional schema, an environment may leave the layer out. */
export type LayerSchemas = Readonly<Record<string, z.ZodType>>;
