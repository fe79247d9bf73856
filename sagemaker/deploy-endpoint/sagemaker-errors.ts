/** SageMaker tells apart by message what other services tell apart by type: all of these are a ValidationException. */
const isValidation = (error: unknown): error is Error => error instanceof Error && error.name === 'ValidationException';

/** The endpoint, configuration or model is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ResourceNotFound' ||
    (isValidation(error) && /could not find|does not exist|not found/i.test(error.message)));

/** Something of that name is there already. */
export const isExisting = (error: unknown): boolean => isValidation(error) && /already exist/i.test(error.message);

/** The endpoint is being created, updated or deleted by somebody. */
export const isBusy = (error: unknown): boolean =>
  isValidation(error) && /in-progress|in progress|currently/i.test(error.message);
