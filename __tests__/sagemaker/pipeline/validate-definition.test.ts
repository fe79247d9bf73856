import { modelPipelines, validateDefinition, type PipelineDefinition } from '@strata/sagemaker-pipeline';
import { props } from './props';

// Definitions are broken here, at any place.
// oxlint-disable-next-line typescript/no-explicit-any
type Any = Record<string, any>;

const { deploy } = modelPipelines(props);

/** What is wrong with the project's own definition after a change. */
function errorsAfter(change: (definition: Any, steps: Record<string, Any>) => void): readonly string[] {
  const definition = structuredClone(deploy) as unknown as Any;
  const steps: Record<string, Any> = {};
  const collect = (list: Any[]): void => {
    for (const step of list) {
      steps[step.Name] = step;
      collect([...(step.Arguments.IfSteps ?? []), ...(step.Arguments.ElseSteps ?? [])]);
    }
  };
  collect(definition.Steps);
  change(definition, steps);
  try {
    validateDefinition(definition);
  } catch (error) {
    return (error as { errors: readonly string[] }).errors;
  }
  return [];
}

it('finds nothing wrong with what is right', () => {
  expect(errorsAfter(() => undefined)).toEqual([]);
});

describe('form: names the step, the place, and what is allowed', () => {
  const cases: [string, (definition: Any, steps: Record<string, Any>) => void, string][] = [
    [
      'a member that is spelled wrong',
      (_, { Train }) => {
        Train!.Arguments.ResourceConfig.InstanceTyp = 'x';
      },
      'step "Train": Arguments.ResourceConfig: "InstanceTyp" is not known here; did you mean "InstanceType"?',
    ],
    [
      'a member that is missing',
      (_, { Train }) => {
        delete Train!.Arguments.RoleArn;
      },
      'step "Train": Arguments: "RoleArn" is missing',
    ],
    [
      'a wrong type',
      (_, { Train }) => {
        Train!.Arguments.ResourceConfig.VolumeSizeInGB = '30';
      },
      'step "Train": Arguments.ResourceConfig.VolumeSizeInGB: "30" is not allowed; use a number, or a reference to one',
    ],
    [
      'a value in a list',
      (_, { Evaluate }) => {
        Evaluate!.Arguments.ProcessingInputs[1].S3Input.S3Uri = 7;
      },
      'step "Evaluate": Arguments.ProcessingInputs[1].S3Input.S3Uri: 7 is not allowed; use text, or a reference to text',
    ],
    [
      'a step in a branch',
      (_, { Register }) => {
        Register!.Arguments.ModelMetrics = [];
      },
      'step "Register": Arguments.ModelMetrics: [] is not allowed; use an object',
    ],
    [
      'an unknown type of step',
      (_, { Train }) => {
        Train!.Type = 'Trainning';
      },
      'step "Train": Type: "Trainning" is not allowed; use one of Training, Processing, Transform, Tuning, Model, RegisterModel, Lambda, Condition, Fail; did you mean "Training"?',
    ],
    [
      'a name with a space',
      (_, { Train }) => {
        Train!.Name = 'My step';
      },
      'step "My step": Name: "My step" is not allowed; use 1 to 64 letters, digits, hyphens and underscores',
    ],
    [
      'a name that is missing',
      (_, { Train }) => {
        delete Train!.Name;
      },
      'step without a name (Steps[0]): "Name" is missing',
    ],
    [
      'a duration',
      (_, { Train }) => {
        Train!.CacheConfig = { Enabled: true, ExpireAfter: '30 days' };
      },
      'step "Train": CacheConfig.ExpireAfter: "30 days" is not allowed; use an ISO 8601 duration, such as "P30D" or "PT12H"',
    ],
    [
      'a cache of a model',
      (_, { Register }) => {
        Register!.CacheConfig = { Enabled: true };
      },
      'step "Register": "CacheConfig" is not known here; allowed are Name, Type, DependsOn, DisplayName, Description, RetryPolicies, Arguments',
    ],
    [
      'a retry without an end',
      (_, { Train }) => {
        Train!.RetryPolicies[0] = { ExceptionType: ['Step.THROTTLING'] };
      },
      'step "Train": RetryPolicies[0]: use either MaxAttempts or ExpireAfterMin, not both',
    ],
    [
      'a retry with two ends',
      (_, { Train }) => {
        Train!.RetryPolicies[0].ExpireAfterMin = 5;
      },
      'step "Train": RetryPolicies[0]: use either MaxAttempts or ExpireAfterMin, not both',
    ],
    [
      'too many retries',
      (_, { Train }) => {
        Train!.RetryPolicies[0].MaxAttempts = 21;
      },
      'step "Train": RetryPolicies[0].MaxAttempts: 21 is out of range; use 1 to 20',
    ],
    [
      'a failure to retry',
      (_, { Train }) => {
        Train!.RetryPolicies[0].ExceptionType = ['Step.THROTTLED'];
      },
      'step "Train": RetryPolicies[0].ExceptionType[0]: "Step.THROTTLED" is not allowed; use one of Step.SERVICE_FAULT, Step.THROTTLING, SageMaker.JOB_INTERNAL_ERROR, SageMaker.CAPACITY_ERROR, SageMaker.RESOURCE_LIMIT; did you mean "Step.THROTTLING"?',
    ],
    [
      'a condition',
      (_, { AccurateEnough }) => {
        AccurateEnough!.Arguments.Conditions[0].Type = 'AtLeast';
      },
      'step "AccurateEnough": Arguments.Conditions[0].Type: "AtLeast" is not allowed; use one of Equals, GreaterThan, GreaterThanOrEqualTo, LessThan, LessThanOrEqualTo, In, Not, Or',
    ],
    [
      'no condition',
      (_, { AccurateEnough }) => {
        AccurateEnough!.Arguments.Conditions = [];
      },
      'step "AccurateEnough": Arguments.Conditions: is empty; at least 1 is needed',
    ],
    [
      'a parameter',
      (definition) => {
        definition.Parameters[2].DefaultValue = 1.5;
      },
      'parameter "Epoch": DefaultValue: 1.5 is not allowed; use a whole number',
    ],
    [
      'a type of parameter',
      (definition) => {
        definition.Parameters[2].Type = 'Int';
      },
      'parameter "Epoch": Type: "Int" is not allowed; use one of String, Integer, Float, Boolean',
    ],
    [
      'an output of a function',
      (_, { Deploy }) => {
        Deploy!.OutputParameters[0].OutputType = 'Text';
      },
      'step "Deploy": OutputParameters[0].OutputType: "Text" is not allowed; use one of String, Integer, Boolean, Float',
    ],
    [
      'a long description',
      (_, { Train }) => {
        Train!.Description = 'x'.repeat(4100);
      },
      'step "Train": Description: has 4100 characters, at most 4096 are allowed; shorten it by 4',
    ],
    [
      'the version',
      (definition) => {
        definition.Version = '2020-12-02';
      },
      'Version: "2020-12-02" is not allowed; use "2020-12-01"',
    ],
  ];
  it.each(cases)('%s', (_, change, message) => {
    expect(errorsAfter(change)).toEqual([message]);
  });

  it('reports all problems together', () => {
    expect(
      errorsAfter((definition, { Train, Evaluate }) => {
        delete Train!.Arguments.RoleArn;
        Evaluate!.Arguments.RoleArn = 1;
        definition.Extra = true;
      }),
    ).toHaveLength(3);
  });

  it.each([undefined, null, 'text', [], {}])('refuses %j', (value) => {
    expect(() => validateDefinition(value)).toThrow(/the pipeline definition/);
  });
});

describe('names, references and order', () => {
  const get = (path: string): Any => ({ Get: path });
  const cases: [string, (definition: Any, steps: Record<string, Any>) => void, string][] = [
    [
      'a step that is not there',
      (_, { Evaluate }) => {
        Evaluate!.Arguments.RoleArn = get('Steps.Trian.TrainingJobName');
      },
      'step "Evaluate": "Steps.Trian.TrainingJobName": there is no step "Trian" in the pipeline; did you mean "Train"?',
    ],
    [
      'a property that the job has not',
      (_, { Evaluate }) => {
        Evaluate!.Arguments.RoleArn = get('Steps.Train.ModelArtifact.S3ModelArtifacts');
      },
      'step "Evaluate": "Steps.Train.ModelArtifact.S3ModelArtifacts": a Training step has no property "ModelArtifact"; did you mean "ModelArtifacts"?',
    ],
    [
      'a structure instead of a value',
      (_, { Evaluate }) => {
        Evaluate!.Arguments.RoleArn = get('Steps.Train.ModelArtifacts');
      },
      'step "Evaluate": "Steps.Train.ModelArtifacts": ModelArtifacts contains several values; name one of them',
    ],
    [
      'a list instead of its entry',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.Evaluate.ProcessingOutputConfig.Outputs.S3Output');
      },
      'step "Register": "Steps.Evaluate.ProcessingOutputConfig.Outputs.S3Output": ProcessingOutputConfig.Outputs is a list or a map; name its entry first, as [0] or [\'name\']',
    ],
    [
      'an entry of what is no list',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.Train.RoleArn[0]');
      },
      'step "Register": "Steps.Train.RoleArn[0]": RoleArn is neither a list nor a map, so [0] reads nothing',
    ],
    [
      'more than a value',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.Train.RoleArn.Name');
      },
      'step "Register": "Steps.Train.RoleArn.Name": RoleArn is a simple value and has no property "Name"',
    ],
    [
      'a step without its property',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.Train');
      },
      'step "Register": "Steps.Train": names a step, not one of its properties',
    ],
    [
      'a step in another branch',
      (_, { NotAccurateEnough }) => {
        NotAccurateEnough!.Arguments.ErrorMessage = get('Steps.Register.ModelPackageArn');
      },
      'step "NotAccurateEnough": "Steps.Register.ModelPackageArn": step "Register" is in a branch of condition "AccurateEnough", which may not run; move the step that uses it into the same branch',
    ],
    [
      'a branch from outside',
      (_, { Evaluate }) => {
        Evaluate!.Arguments.RoleArn = get("Steps.Deploy.OutputParameters['action']");
      },
      'step "Evaluate": "Steps.Deploy.OutputParameters[\'action\']": step "Deploy" is in a branch of condition "AccurateEnough", which may not run; move the step that uses it into the same branch',
    ],
    [
      'an output that is not declared',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get("Steps.Deploy.OutputParameters['akshun']");
      },
      'step "Register": "Steps.Deploy.OutputParameters[\'akshun\']": step "Deploy" declares no output "akshun"; declared are endpointName, action, endpointConfigName, modelName, endpointStatus',
    ],
    [
      'a property of a function',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.Deploy.FunctionArn');
      },
      'step "Register": "Steps.Deploy.FunctionArn": a Lambda step has its outputs only, as OutputParameters[\'name\']',
    ],
    [
      'a property of a condition',
      (_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.AccurateEnough.Result');
      },
      'step "Register": "Steps.AccurateEnough.Result": a condition step has one property, Outcome',
    ],
    [
      'itself',
      (_, { Train }) => {
        Train!.Arguments.RoleArn = get('Steps.Train.RoleArn');
      },
      'step "Train": "Steps.Train.RoleArn" refers to the step itself',
    ],
    [
      'a parameter that is not declared',
      (_, { Train }) => {
        Train!.Arguments.RoleArn = get('Parameters.Epochs');
      },
      'step "Train": parameter "Epochs" is not declared; add it to the pipeline\'s parameters; did you mean "Epoch"?',
    ],
    [
      'an execution variable',
      (_, { Train }) => {
        Train!.Arguments.RoleArn = get('Execution.PipelineExecutionID');
      },
      'step "Train": "Execution.PipelineExecutionID" is no execution variable; use one of PipelineName, PipelineArn, PipelineExecutionId, PipelineExecutionArn, StartDateTime, CurrentDateTime; did you mean "PipelineExecutionId"?',
    ],
    [
      'what is no reference',
      (_, { Train }) => {
        Train!.Arguments.RoleArn = get('Role');
      },
      'step "Train": "Role" is not a reference; it begins with Steps., Parameters. or Execution.',
    ],
    [
      'a property file that is not declared',
      (_, { AccurateEnough }) => {
        AccurateEnough!.Arguments.Conditions[0].LeftValue['Std:JsonGet'].PropertyFile.Get =
          'Steps.Evaluate.PropertyFiles.Evalution';
      },
      'step "AccurateEnough": "Steps.Evaluate.PropertyFiles.Evalution": step "Evaluate" declares no property file "Evalution"; declared are Evaluation; did you mean "Evaluation"?',
    ],
    [
      'a property file of a training',
      (_, { AccurateEnough }) => {
        AccurateEnough!.Arguments.Conditions[0].LeftValue['Std:JsonGet'].PropertyFile.Get =
          'Steps.Train.PropertyFiles.E';
      },
      'step "AccurateEnough": "Steps.Train.PropertyFiles.E": property files belong to Processing steps, and this is a Training step',
    ],
    [
      'an output without the file',
      (_, { Evaluate }) => {
        Evaluate!.PropertyFiles[0].OutputName = 'evaluations';
      },
      'step "Evaluate": property file "Evaluation" is in output "evaluations", which the step does not have; its outputs are evaluation; did you mean "evaluation"?',
    ],
    [
      'DependsOn a step that is not there',
      (_, { Evaluate }) => {
        Evaluate!.DependsOn = ['Trains'];
      },
      'step "Evaluate": DependsOn: there is no step "Trains" in the pipeline; did you mean "Train"?',
    ],
    [
      'DependsOn itself',
      (_, { Evaluate }) => {
        Evaluate!.DependsOn = ['Evaluate'];
      },
      'step "Evaluate": DependsOn: depends on itself',
    ],
    [
      'DependsOn a condition',
      (_, { Train }) => {
        Train!.DependsOn = ['AccurateEnough'];
      },
      'step "Train": DependsOn: step "AccurateEnough" is a condition, which SageMaker lets nothing depend on; move this step into one of its branches',
    ],
    [
      'DependsOn a Fail step',
      (_, { AccurateEnough }) => {
        AccurateEnough!.Arguments.IfSteps[1].DependsOn = ['Stop'];
        AccurateEnough!.Arguments.IfSteps.push({ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'x' } });
      },
      'step "Deploy": DependsOn: step "Stop" is a Fail step; nothing runs after it',
    ],
    [
      'a circle',
      (_, { Train }) => {
        Train!.DependsOn = ['Evaluate'];
      },
      'step "Train" waits for itself: Train -> Evaluate -> Train; remove one of these references or DependsOn entries',
    ],
    [
      'a name that is there twice',
      (_, { Register }) => {
        Register!.Name = 'Train';
      },
      'step "Train" is there twice; each step has its own name and stands in one place, branches included',
    ],
    [
      'a parameter that is there twice',
      (definition) => {
        definition.Parameters[1].Name = 'TrainData';
      },
      'parameter "TrainData" is declared twice; name one differently',
    ],
    [
      'a default outside its values',
      (definition) => {
        definition.Parameters.at(-1).DefaultValue = 'Aproved';
      },
      'parameter "ModelApprovalStatus": the default "Aproved" is not among its values Approved, PendingManualApproval; did you mean "Approved"?',
    ],
    [
      'an experiment named after a step',
      (definition) => {
        definition.PipelineExperimentConfig.TrialName = get('Steps.Train.TrainingJobName');
      },
      'PipelineExperimentConfig: "Steps.Train.TrainingJobName" is not known before a step has run; use a parameter or an execution variable',
    ],
    [
      'an experiment named after nothing',
      (definition) => {
        definition.PipelineExperimentConfig.TrialName = get('Parameters.Nobody');
      },
      'PipelineExperimentConfig: parameter "Nobody" is not declared; add it to the pipeline\'s parameters',
    ],
  ];
  it.each(cases)('%s', (_, change, message) => {
    expect(errorsAfter(change)).toContain(message);
  });

  it('lets a step in a branch use the outcome of the condition that it is in', () => {
    expect(
      errorsAfter((_, { Register }) => {
        Register!.Arguments.ModelPackageDescription = get('Steps.AccurateEnough.Outcome');
      }),
    ).toEqual([]);
  });

  it('refuses what CreatePipeline would, for its length', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      ...structuredClone(deploy.Steps[0]),
      Name: `Train${i}`,
      Description: 'x'.repeat(4000),
    }));
    expect(() =>
      validateDefinition(
        { Version: '2020-12-01', Parameters: deploy.Parameters, Steps: many } as unknown as PipelineDefinition,
        'large',
      ),
    ).toThrow(/pipeline "large": it has \d+ characters, at most 1048576 are allowed/);
  });
});
