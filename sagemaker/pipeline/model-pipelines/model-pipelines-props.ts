/** What the project's pipelines need to know. Each text may be a token of cdktf, known when Terraform runs. */
export interface ModelPipelinesProps {
  /** Role of the training and processing jobs. */
  readonly roleArn: string;
  /** Role that a created model's container runs with. @default `roleArn` */
  readonly hostingRoleArn?: string;
  /** Bucket for models, evaluations and checkpoints. */
  readonly artifactBucketName: string;
  /** `s3://…/sourcedir.tar.gz`: the training code, as SageMaker's training toolkit unpacks it. */
  readonly trainingSourceUri: string;
  /** `s3://…/`: the same files unpacked, for evaluation: a processing job unpacks nothing. */
  readonly processingCodeUri: string;
  /** Image of training and evaluation, such as `pytorchTrainingImage({ region })`. */
  readonly trainingImageUri: string;
  /**
   * Image that serves the model.
   * @default the one that is deployed when the pipeline runs, which the deploy function says: a first step asks it, and
   *   fails before anything costs where there is none
   */
  readonly inferenceImageUri?: string;
  /** The function that deploys a registered model. */
  readonly deployFunctionArn: string;
  /** Group that models are registered in. */
  readonly modelPackageGroupName: string;
  /** Endpoint that the model is deployed to, noted with the registered model. */
  readonly endpointName: string;
  /** Region of the jobs, for the training toolkit. @default what the toolkit finds itself */
  readonly region?: string;

  /**
   * Key of everything that the jobs write, and of their volumes. Instances with local disks, such as ml.g5, encrypt
   * these by their hardware, and SageMaker refuses a key for them: it is then left out there. Which kind a training
   * has, `trainingInstanceType` says; a run whose TrainingInstanceType is of the other kind is refused, or has volumes
   * without this key.
   * @default S3's own encryption
   */
  readonly kmsKeyArn?: string;
  /** Subnets of the jobs; they need a way to S3, ECR and a Python package index. @default no VPC */
  readonly subnetIds?: readonly string[];
  /** Needed with `subnetIds`. */
  readonly securityGroupIds?: readonly string[];

  /**
   * Default of the parameter TrainingInstanceType; must suit `trainingImageUri` (CPU or GPU); see `kmsKeyArn`.
   * @default ml.m5.xlarge
   */
  readonly trainingInstanceType?: string;
  /** @default ml.m5.large */
  readonly evaluationInstanceType?: string;
  /** Disk of each job, in GiB. @default 30 */
  readonly volumeSizeGiB?: number;
  /**
   * Whether training runs on spare capacity, which is cheaper and can be interrupted; it then goes on from its last
   * checkpoint.
   * @default true
   */
  readonly managedSpotTraining?: boolean;
  /** Longest training, in seconds; default of the parameter MaxRuntimeInSeconds. @default 14400 (4 hours) */
  readonly maxRuntimeSeconds?: number;
  /**
   * Longest training with waits for spot capacity, in seconds; default of MaxWaitTimeInSeconds.
   * @default 28800 (8 hours)
   */
  readonly maxWaitTimeSeconds?: number;

  /** Default of the parameter TrainData. @default `s3://<dataset bucket>/train/`, when `datasetBucketName` is given */
  readonly trainDataUri?: string;
  /** Bucket that TrainData is in by default; this or `trainDataUri` is needed. */
  readonly datasetBucketName?: string;
  /**
   * Default of the parameter TestData.
   * @default a marker: a part of TrainData that training does not see is evaluated
   */
  readonly testDataUri?: string;
  /** Default of the parameter Epoch. @default 20 */
  readonly epochs?: number;
  /** Default of the parameter BatchSize. @default 64 */
  readonly batchSize?: number;
  /** Default of the parameter LearningRate. @default 0.002 */
  readonly learningRate?: number;
  /** Default of the parameter AccuracyThreshold, from 0 to 1. @default 0.9 */
  readonly accuracyThreshold?: number;
  /**
   * Default of the parameter ModelApprovalStatus. The accuracy threshold guards a deploy in either case.
   * @default Approved
   */
  readonly modelApprovalStatus?: 'Approved' | 'PendingManualApproval';
}

/** Key, in the artifact bucket, of the object that means "there is no test set". */
export const NO_TEST_DATA_PREFIX = 'no-test-data/';
/** Name of that object. Training and evaluation look for it. */
export const NO_TEST_DATA_FILE = 'no-test-data.json';
