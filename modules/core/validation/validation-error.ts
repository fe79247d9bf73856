import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';

const VALIDATION_ERROR = Symbol.for('@strata/core.ValidationError');

/**
 * A construct received invalid props.
 *
 * The message starts with the construct's path, so that a log shows which construct failed:
 * `[compute/app-web] cpu: 300 is not a Fargate size; …`.
 */
export class ValidationError extends Error {
  /** Whether `error` is a ValidationError, from any copy of this package. */
  static isValidationError(error: unknown): error is ValidationError {
    return typeof error === 'object' && error !== null && VALIDATION_ERROR in error;
  }

  /** Path of the construct that threw, such as `compute/app-web`. */
  readonly constructPath: string;

  constructor(scope: IConstruct, message: string) {
    super(`[${scope.node.path || scope.node.id}] ${message}`);
    this.name = 'ValidationError';
    Object.defineProperty(this, VALIDATION_ERROR, { value: true });
    this.constructPath = scope.node.path;
  }
}

/** Whether a value is known at synth. A token is not: checking it must be left to Terraform. */
export function isResolved<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null && !Token.isUnresolved(value);
}

/**
 * Collects the problems of one construct's props and throws once, with everything to fix.
 *
 * @example const problems = new Problems(this); problems.check(props.port > 0, `port: ${props.port} …`);
 * problems.throwIfAny();
 */
export class Problems {
  private readonly found: string[] = [];

  constructor(private readonly scope: IConstruct) {}

  add(message: string): void {
    this.found.push(message);
  }

  /** Adds `message` unless `condition` is true. */
  check(condition: boolean, message: string): void {
    if (!condition) this.add(message);
  }

  /** @throws ValidationError naming every problem found so far. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const [only] = this.found;
    throw new ValidationError(
      this.scope,
      this.found.length === 1
        ? only!
        : `${this.found.length} problems:\n${this.found.map((f) => `  - ${f}`).join('\n')}`,
    );
  }
}
