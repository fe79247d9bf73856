/** An answer of AWS that a request was not carried out. */
export interface Refusal {
  /** The error's name, as AWS has it: `DependencyViolation`. */
  readonly code: string;
  readonly message: string;
  /** @default 400 */
  readonly status?: number;
}
