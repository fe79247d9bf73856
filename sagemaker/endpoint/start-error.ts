/** An error that only a change of the model or of a setting can fix; a retry does not help. */
export class StartError extends Error {}
