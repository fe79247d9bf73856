import './no-telemetry';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Pixels } from './pixels';
import { StartError } from './start-error';

// The library would write coloured text between the log's JSON lines; its errors arrive as exceptions.
env.logLevel = 'fatal';

/** Names of the graph's input and output; see docs/endpoint.md. */
const INPUT = 'images';
const OUTPUT = 'probabilities';

/** Size of the photo that a new model is tested with. */
const TRIAL_PIXELS = 256;
const TRIALS = 3;

/** A loaded ONNX model. Running it blocks the calling thread; the binding has no other mode. */
export class Model {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /**
   * Loads a model and runs it a few times, to warm it up for the first photo.
   * @throws StartError when the file is not a model, or not one that the container supports.
   */
  static async load(props: {
    readonly file: string;
    readonly classes: number;
    readonly threads: number;
  }): Promise<Model> {
    const { file, classes, threads } = props;
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(file, {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        logSeverityLevel: 4,
      });
    } catch (cause) {
      throw new StartError(`${file} cannot be loaded: ${(cause as Error).message}`, { cause });
    }
    const { inputNames, outputNames } = session;
    if (inputNames.length !== 1 || inputNames[0] !== INPUT || !outputNames.includes(OUTPUT)) {
      throw new StartError(
        `${file} has the inputs ${inputNames.join(', ')} and the outputs ${outputNames.join(', ')}; the ` +
          `input must be "${INPUT}", and an output "${OUTPUT}"`,
      );
    }
    const model = new Model(session);
    try {
      const trial = {
        data: new Uint8Array(TRIAL_PIXELS * TRIAL_PIXELS * 3),
        width: TRIAL_PIXELS,
        height: TRIAL_PIXELS,
      };
      for (let run = 0; run < TRIALS; run += 1) await model.run(trial);
      const probabilities = await model.run(trial);
      const sum = probabilities.reduce((total, value) => total + value, 0);
      if (probabilities.length !== classes)
        throw new Error(`it returns ${probabilities.length} probabilities, and labels.json has ${classes} labels`);
      if (!(Math.abs(sum - 1) < 0.01))
        throw new Error(`its probabilities sum up to ${sum}; softmax must be inside the graph`);
    } catch (cause) {
      throw new StartError(
        `${file} cannot classify a photo of ${TRIAL_PIXELS} x ${TRIAL_PIXELS} pixels: ${(cause as Error).message}`,
        { cause },
      );
    }
    return model;
  }

  /** Probability of each class for one photo. */
  async run({ data, width, height }: Pixels): Promise<number[]> {
    const outputs = await this.#session.run({ [INPUT]: new Tensor('uint8', data, [1, height, width, 3]) });
    // 32-bit floats have at most 7 significant digits, and a softmax may exceed 1 by the last of them.
    return Array.from(outputs[OUTPUT]!.data as Float32Array, (value) => Math.min(1, Number(value.toPrecision(7))));
  }
}
