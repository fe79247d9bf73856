/** An error as an AWS service answers it. */
export class AwsError extends Error {
  constructor(
    /** Name of the error's shape, such as `ValidationException`. */
    readonly type: string,
    message: string,
    /** @default 400 */
    readonly status: number = 400,
    /** Further members of the shape. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
