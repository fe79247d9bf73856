import type { CreateProcessingJobRequest, DescribeProcessingJobResponse } from '../api/request-shapes.generated';
import { type Primitive, type Reference, reference } from '../expressions';
import { properties, type Properties } from '../properties';
import { Step, type JobStepProps } from './step';

/** A JSON file among a processing job's outputs that later steps read values from. */
export interface PropertyFile {
  /** Name of the processing output that contains the file. */
  readonly outputName: string;
  /** Its path within that output, such as `evaluation.json`. */
  readonly path: string;
}

export interface ProcessingStepProps<Files extends string = never> extends JobStepProps {
  /** The request of CreateProcessingJob, without the name, which SageMaker Pipelines gives. */
  readonly arguments: CreateProcessingJobRequest;
  /** Property files by name. @default none */
  readonly propertyFiles?: Readonly<Record<Files, PropertyFile>>;
}

/** Runs a processing job. */
export class ProcessingStep<Files extends string = never> extends Step {
  /** The fields of DescribeProcessingJobResponse, as references. */
  readonly properties: Properties<DescribeProcessingJobResponse>;

  constructor(
    name: string,
    private readonly props: ProcessingStepProps<Files>,
  ) {
    super(name, 'Processing', props);
    this.properties = properties<DescribeProcessingJobResponse>(`Steps.${name}`);
  }

  /**
   * A value in one of the step's property files.
   *
   * @param path where in the file: `metrics.accuracy.value`, or `list[0].value`
   * @example greaterThanOrEqualTo(evaluate.jsonGet<number>('Evaluation', 'metrics.accuracy.value'), threshold)
   */
  jsonGet<T extends Primitive>(file: Files, path: string): Reference<T> {
    return reference<T>({
      'Std:JsonGet': { PropertyFile: { Get: `Steps.${this.name}.PropertyFiles.${file}` }, Path: path },
    });
  }

  protected body(): Record<string, unknown> {
    const files = Object.entries<PropertyFile>(this.props.propertyFiles ?? {});
    return {
      Arguments: this.props.arguments,
      ...(files.length === 0
        ? {}
        : {
            PropertyFiles: files.map(([name, { outputName, path }]) => ({
              PropertyFileName: name,
              OutputName: outputName,
              FilePath: path,
            })),
          }),
    };
  }
}
