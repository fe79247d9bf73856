import type { StepDefinition } from '@strata/sagemaker-pipeline';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { LocalS3 } from '../local-s3';
import type { JobEnd } from './job-process';
import { StepFailure } from './execution-error';
import type { Plain } from './values';

/** What a step runs with. */
export interface StepContext {
  readonly step: StepDefinition;
  /** The step's arguments; all references are resolved. */
  readonly arguments: Record<string, Plain>;
  /** The step's own folder. */
  readonly directory: string;
  readonly executionId: string;
  readonly s3: LocalS3;
  /** A client of the local SageMaker, which is started when it is first needed. */
  readonly sagemaker: () => Promise<SageMakerClient>;
  /** The Python that jobs run with. */
  readonly python: () => Promise<string>;
  readonly invokeFunction: (
    arn: string,
    event: Plain,
    context: { readonly logFile: string; readonly onLine: (line: string) => void },
  ) => Promise<Plain>;
  /** Shows a line of the job. */
  readonly onLine: (line: string) => void;
  /** Shows a progress bar; undefined where it could not be redrawn. */
  readonly onBar?: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A job's process that did not end well, as the step's failure: the job's own words, the end of what it wrote, and
 * where all of it is.
 */
export function jobFailure(context: StepContext, end: JobEnd, logFile: string, reason?: string): StepFailure {
  const how = end.signal === undefined ? `ended with exit code ${end.code}` : `was ended by ${end.signal}`;
  const words = reason === undefined || reason.trim() === '' ? end.lastLines.slice(-15).join('\n') : reason.trim();
  return new StepFailure(
    context.step.Name,
    `step "${context.step.Name}": the ${context.step.Type.toLowerCase()} job ${how}:\n${words}\nEverything ` +
      `it wrote is in ${logFile}`,
  );
}

/** A name that SageMaker Pipelines could have given to what a step makes. */
export function jobName(context: Pick<StepContext, 'step' | 'executionId'>): string {
  return `pipelines-${context.executionId}-${context.step.Name.replace(/[^A-Za-z0-9-]/g, '-')}`
    .slice(0, 63)
    .replace(/-+$/, '');
}
