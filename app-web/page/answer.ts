import type { Language } from '../languages';

/** The part of `POST /classify/image`'s answer that the page shows. */
export interface Result {
  readonly no: number;
  readonly acc: number;
  readonly names: Readonly<Record<Language, string>>;
  readonly descriptions: Readonly<Record<Language, string>>;
  readonly predictions: readonly {
    readonly no: number;
    readonly names: Readonly<Record<Language, string>>;
    readonly acc: number;
  }[];
  readonly model: { readonly name: string; readonly version: string; readonly standIn?: boolean };
}

/** A photo that could not be classified, with the error code of the services. */
export class Failure extends Error {
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(code: string, requestId?: string) {
    super(code);
    this.code = code;
    this.requestId = requestId;
  }
}
