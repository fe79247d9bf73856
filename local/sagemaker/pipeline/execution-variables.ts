import { randomInt } from 'node:crypto';
import { sagemakerArn } from '../account';

/** Id of an execution: twelve characters, as SageMaker's. */
export function newExecutionId(): string {
  return Array.from({ length: 12 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[randomInt(36)]).join('');
}

/**
 * Values of `Execution.*` in a definition.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-properties.html
 */
export function executionVariables(name: string, id: string, started: Date): Record<string, string> {
  const pipelineArn = sagemakerArn(`pipeline/${name}`);
  return {
    PipelineName: name,
    PipelineArn: pipelineArn,
    PipelineExecutionId: id,
    PipelineExecutionArn: `${pipelineArn}/execution/${id}`,
    StartDateTime: started.toISOString(),
    CurrentDateTime: started.toISOString(),
  };
}
