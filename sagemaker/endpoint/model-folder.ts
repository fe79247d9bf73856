import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { StartError } from './start-error';

const inEachLanguage = (text: z.ZodString) => z.object({ ko: text, en: text, ja: text });

const labelsSchema = z
  .array(
    z.object({
      label: z.string().min(1),
      name: inEachLanguage(z.string().min(1)),
      description: inEachLanguage(z.string()),
    }),
  )
  .min(1)
  .refine(
    (labels) => new Set(labels.map(({ label }) => label)).size === labels.length,
    'two classes have the same label',
  );

const preprocessingSchema = z
  .object({
    formatVersion: z.literal(
      1,
      'is another form than this container reads (1); use the container of the release that trained the model',
    ),
    input: z.literal('uint8 RGB, NHWC'),
    orientation: z.literal('exif'),
    alpha: z.literal('white'),
    /** Shorter side above which a photo is downscaled while it is decoded. */
    reduceAbovePixels: z.int().min(1),
    /** Shorter side of a downscaled photo. */
    reduceToPixels: z.int().min(1),
  })
  .refine(
    ({ reduceAbovePixels, reduceToPixels }) => reduceToPixels <= reduceAbovePixels,
    'reduceToPixels is above reduceAbovePixels',
  );

const cardSchema = z.object({
  name: z.string().min(1),
  version: z.union([z.string().min(1), z.number().transform(String)]),
});

export type Label = z.output<typeof labelsSchema>[number];
export type Preprocessing = z.output<typeof preprocessingSchema>;

/** A model as it comes out of model.tar.gz. */
export interface ModelFolder {
  /** Path of the ONNX file. */
  readonly file: string;
  /** The classes, in the model's own order. */
  readonly labels: readonly Label[];
  readonly preprocessing: Preprocessing;
  readonly name: string;
  readonly version: string;
}

/**
 * Reads and checks a model's files, except for the ONNX file, which each worker loads.
 * @throws StartError that names the file and the problem.
 */
export function readModelFolder(folder: string): ModelFolder {
  const file = join(folder, 'model.onnx');
  if (!existsSync(file)) throw new StartError(`${file} is missing; ${instead(folder)}`);
  const { name, version } = readJson(folder, 'model-card.json', cardSchema);
  return {
    file,
    name,
    version,
    labels: readJson(folder, 'labels.json', labelsSchema),
    preprocessing: readJson(folder, 'preprocessing.json', preprocessingSchema),
  };
}

function readJson<S extends z.ZodType>(folder: string, name: string, schema: S): z.output<S> {
  const file = join(folder, name);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(
      existsSync(file)
        ? `${file} is not JSON: ${(error as Error).message}`
        : `${file} is missing; model.tar.gz must hold it beside model.onnx`,
    );
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new StartError(
    `${file}: ` +
      `${error.issues.map((issue) => [issue.path.join('.'), issue.message].filter((part) => part !== '').join(' ')).join('; ')}`,
  );
}

/** Describes what the folder contains instead of a model. */
function instead(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    return 'there is no such folder; set MODEL_DIR, or give the model a model.tar.gz';
  const entries = readdirSync(folder);
  if (entries.length === 0)
    return 'the folder is empty; MODEL_DIR, or the model.tar.gz that is unpacked there, is another than meant';
  const inner = entries.find((entry) => existsSync(join(folder, entry, 'model.onnx')));
  if (inner !== undefined)
    return (
      `it is in the folder "${inner}" there; model.tar.gz must hold the files themselves, not their folder ` +
      `(tar -C ${inner} -czf model.tar.gz .)`
    );
  return `the folder contains ${entries
    .slice(0, 5)
    .map((entry) => `"${entry}"`)
    .join(', ')}${entries.length > 5 ? ', ...' : ''}`;
}
