/** SageMaker tells apart by message what other services tell apart by type: all of these are a ValidationException. */
const isValidation = (error: unknown): error is Error => error instanceof Error && error.name === 'ValidationException';

/** The endpoint, configuration or model does not exist. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'ResourceNotFound' ||
    (isValidation(error) && /could not find|does not exist|not found/i.test(error.message)));

/** Something of that name already exists. */
export const isExisting = (error: unknown): boolean => isValidation(error) && /already exist/i.test(error.message);

/** The endpoint is being created, updated or deleted. */
export const isBusy = (error: unknown): boolean =>
  isValidation(error) && /in-progress|in progress|currently/i.test(error.message);

/** What SageMaker describes, or `undefined` when it does not exist. */
export async function undefinedIfMissing<Output>(described: Promise<Output>): Promise<Output | undefined> {
  try {
    return await described;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Waits for a deletion; it does not matter when there is nothing to delete. */
export async function ignoreMissing(deleted: Promise<unknown>): Promise<void> {
  await undefinedIfMissing(deleted);
}
