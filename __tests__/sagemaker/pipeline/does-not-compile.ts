// What must not compile. `npm run typecheck` fails when one of these lines does, as an unused @ts-expect-error is an error.
import {
  ConditionStep, equals, FailStep, greaterThanOrEqualTo, integerParameter, isIn, LambdaStep, ProcessingStep, stringParameter, TrainingStep, type api, type Reference,
} from '@strata/sagemaker-pipeline';

declare const training: api.CreateTrainingJobRequest;
declare const processing: api.CreateProcessingJobRequest;

const epochs = integerParameter('Epochs', { defaultValue: 20 });
const approval = stringParameter('Approval', { enumValues: ['Approved', 'PendingManualApproval'] });
const train = new TrainingStep('Train', { arguments: training });
const evaluate = new ProcessingStep('Evaluate', { arguments: processing, propertyFiles: { Report: { outputName: 'out', path: 'report.json' } } });
const notify = new LambdaStep('Notify', { functionArn: 'arn', outputs: { count: 'Integer', done: 'Boolean' } });

export const right: readonly (Reference<string> | Reference<number> | Reference<boolean>)[] = [
  train.properties.ModelArtifacts.S3ModelArtifacts, train.properties.BillableTimeInSeconds, train.properties.FinalMetricDataList.at(0).Value,
  evaluate.properties.ProcessingOutputConfig.Outputs.at('out').S3Output.S3Uri, notify.output('count'), notify.output('done'), epochs.asText(),
];

// @ts-expect-error -- a parameter's default has the parameter's type
integerParameter('Epochs', { defaultValue: '20' });
// @ts-expect-error -- a default is one of the values
stringParameter('Approval', { enumValues: ['Approved'], defaultValue: 'Perhaps' });
// @ts-expect-error -- a job has no such property
void train.properties.ModelArtefacts;
// @ts-expect-error -- nor has what is inside one
void train.properties.ModelArtifacts.S3Uri;
// @ts-expect-error -- a hyperparameter is text
new TrainingStep('T', { arguments: { ...training, HyperParameters: { epochs } } });
// @ts-expect-error -- a number of instances is a number
new TrainingStep('T', { arguments: { ...training, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: approval, VolumeSizeInGB: 1 } } });
// @ts-expect-error -- a whole structure is no value
new TrainingStep('T', { arguments: { ...training, RoleArn: train.properties.ModelArtifacts } });
// @ts-expect-error -- a request has its members as the API spells them
new TrainingStep('T', { arguments: { ...training, Rolearn: 'x' } });
// @ts-expect-error -- what the API needs must be there
new TrainingStep('T', { arguments: { RoleArn: 'x' } });
// @ts-expect-error -- pipelines name the job
new TrainingStep('T', { arguments: { ...training, TrainingJobName: 'mine' } });
// @ts-expect-error -- a property file that was declared
evaluate.jsonGet<number>('Raport', 'accuracy');
// @ts-expect-error -- an output that was declared
notify.output('sum');
// @ts-expect-error -- compared with its own type
greaterThanOrEqualTo(epochs, '20');
// @ts-expect-error -- the same
equals(notify.output('done'), 1);
// @ts-expect-error -- the same in a list
isIn(epochs, [1, 'two']);
// @ts-expect-error -- a Fail step says why
new FailStep('F', {});
// @ts-expect-error -- text, or a reference to text
new FailStep('F', { errorMessage: epochs });
// @ts-expect-error -- a failure that the service knows
new TrainingStep('T', { arguments: training, retryPolicies: [{ exceptionTypes: ['Step.BAD_LUCK'], maxAttempts: 1 }] });
// @ts-expect-error -- a condition step decides by conditions
new ConditionStep('C', { ifSteps: [] });
