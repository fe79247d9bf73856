import type { ModelFolder } from './model-folder';

/** Writes answers in the format of docs/apps.md, or in TensorFlow Serving's if the request used that. */
export class AnswerWriter {
  readonly #labels: readonly string[];
  /** What is the same in every answer, written once. */
  readonly #head: string;

  constructor(model: Pick<ModelFolder, 'name' | 'version' | 'labels'>) {
    this.#labels = model.labels.map(({ label }) => label);
    this.#head = `{"model":${JSON.stringify({ name: model.name, version: model.version })},"labels":${JSON.stringify(model.labels)},`;
  }

  /** `predictions`: one object for each photo. */
  photos(all: readonly (readonly number[])[]): string {
    return `${this.#head}"predictions":${JSON.stringify(all.map((probabilities) => this.#prediction(probabilities)))}}`;
  }

  /**
   * `predictions` (by row) or `outputs` (by column) as TensorFlow Serving writes them; what they mean is in `results`.
   */
  tensorFlow(format: 'instances' | 'inputs', all: readonly (readonly number[])[]): string {
    const key = format === 'instances' ? 'predictions' : 'outputs';
    return `${this.#head}"${key}":${JSON.stringify(all)},"results":${JSON.stringify(all.map((probabilities) => this.#prediction(probabilities)))}}`;
  }

  #prediction(probabilities: readonly number[]): {
    readonly label: string;
    readonly probability: number;
    readonly probabilities: readonly number[];
  } {
    const probability = Math.max(...probabilities);
    return { label: this.#labels[probabilities.indexOf(probability)]!, probability, probabilities };
  }
}
