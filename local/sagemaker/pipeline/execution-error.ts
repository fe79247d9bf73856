/** Something that the person who runs a pipeline can act on: shown as its message alone. */
export class ExecutionError extends Error {}

/** A step failed; what it wrote last and where its log is are part of the message. */
export class StepFailure extends ExecutionError {
  constructor(
    readonly step: string,
    message: string,
  ) {
    super(message);
  }
}

/** The run was stopped from outside. */
export class Stopped extends ExecutionError {
  constructor() {
    super('stopped');
  }
}
