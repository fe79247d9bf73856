/** What keeps the container from serving until someone changes the model or a setting; trying again does not help. */
export class StartError extends Error {}
