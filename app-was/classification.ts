import type { ImageMetadata } from '@strata/service-runtime/image-metadata';
import { languages, type Language, type ModelAnswer } from './model-answer';

/** The `result` that `POST /classify/image` returns. */
export interface Classification {
  /** Index of the class among the model's labels, from 0. */
  readonly no: number;
  /** Name of the class in the requested language. */
  readonly name: string;
  /** Probability, from 0 to 1. */
  readonly acc: number;
  readonly description: string;
  readonly language: Language;
  readonly label: string;
  readonly names: Readonly<Record<Language, string>>;
  readonly descriptions: Readonly<Record<Language, string>>;
  /** All classes, most likely first. */
  readonly predictions: readonly {
    readonly no: number;
    readonly label: string;
    readonly names: Readonly<Record<Language, string>>;
    readonly acc: number;
  }[];
  readonly model: ModelAnswer['model'];
  readonly image: ImageMetadata & { readonly bytes: number };
}

export function classification(
  answer: ModelAnswer,
  language: Language,
  image: Classification['image'],
): Classification {
  const predictions = answer.predictions[0]!.probabilities.map((acc, no) => ({
    no,
    label: answer.labels[no]!.label,
    names: answer.labels[no]!.name,
    acc,
  })).sort((a, b) => b.acc - a.acc || a.no - b.no);
  const { no, acc, label, names } = predictions[0]!;
  const descriptions = answer.labels[no]!.description;
  return {
    no,
    name: names[language],
    acc,
    description: descriptions[language],
    language,
    label,
    names,
    descriptions,
    predictions,
    model: answer.model,
    image,
  };
}

/** The first of the request's languages that the labels support; English if there is none. */
export function chooseLanguage(accepted: readonly string[]): Language {
  for (const tag of accepted) {
    const language = languages.find((known) => known === tag.toLowerCase().split('-', 1)[0]);
    if (language !== undefined) return language;
  }
  return 'en';
}
