import type { Language } from '../languages';

/** What of `POST /classify/image`'s answer the page shows. */
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

/** A photo that could not be classified, by the code that the services answer with. */
export class Failure extends Error {
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(code: string, requestId?: string) {
    super(code);
    this.code = code;
    this.requestId = requestId;
  }
}
