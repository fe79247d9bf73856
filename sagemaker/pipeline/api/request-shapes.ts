// Made by generate.mjs from @aws-sdk/client-sagemaker (Apache-2.0); not to be edited.
import type { Value } from '../expressions';

export interface AdditionalInferenceSpecificationDefinition {
  readonly Containers: readonly ModelPackageContainerDefinition[];
  readonly Description?: Value<string>;
  readonly Name: Value<string>;
  readonly SupportedContentTypes?: readonly Value<string>[];
  readonly SupportedRealtimeInferenceInstanceTypes?: readonly Value<string>[];
  readonly SupportedResponseMIMETypes?: readonly Value<string>[];
  readonly SupportedTransformInstanceTypes?: readonly Value<string>[];
}

export interface AdditionalInferenceSpecificationDefinitionAnswer {
  readonly Containers: readonly ModelPackageContainerDefinitionAnswer[];
  readonly Description: string;
  readonly Name: string;
  readonly SupportedContentTypes: readonly string[];
  readonly SupportedRealtimeInferenceInstanceTypes: readonly string[];
  readonly SupportedResponseMIMETypes: readonly string[];
  readonly SupportedTransformInstanceTypes: readonly string[];
}

export interface AdditionalModelDataSource {
  readonly ChannelName: Value<string>;
  readonly S3DataSource: S3ModelDataSource;
}

export interface AdditionalModelDataSourceAnswer {
  readonly ChannelName: string;
  readonly S3DataSource: S3ModelDataSourceAnswer;
}

export interface AdditionalS3DataSource {
  readonly CompressionType?: Value<string>;
  readonly ETag?: Value<string>;
  readonly S3DataType: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface AdditionalS3DataSourceAnswer {
  readonly CompressionType: string;
  readonly ETag: string;
  readonly S3DataType: string;
  readonly S3Uri: string;
}

export interface AlgorithmSpecification {
  readonly AlgorithmName?: Value<string>;
  readonly ContainerArguments?: readonly Value<string>[];
  readonly ContainerEntrypoint?: readonly Value<string>[];
  readonly EnableSageMakerMetricsTimeSeries?: Value<boolean>;
  readonly MetricDefinitions?: readonly MetricDefinition[];
  readonly TrainingImage?: Value<string>;
  readonly TrainingImageConfig?: TrainingImageConfig;
  readonly TrainingInputMode: Value<string>;
}

export interface AlgorithmSpecificationAnswer {
  readonly AlgorithmName: string;
  readonly ContainerArguments: readonly string[];
  readonly ContainerEntrypoint: readonly string[];
  readonly EnableSageMakerMetricsTimeSeries: boolean;
  readonly MetricDefinitions: readonly MetricDefinitionAnswer[];
  readonly TrainingImage: string;
  readonly TrainingImageConfig: TrainingImageConfigAnswer;
  readonly TrainingInputMode: string;
}

export interface AppSpecification {
  readonly ContainerArguments?: readonly Value<string>[];
  readonly ContainerEntrypoint?: readonly Value<string>[];
  readonly ImageUri: Value<string>;
}

export interface AppSpecificationAnswer {
  readonly ContainerArguments: readonly string[];
  readonly ContainerEntrypoint: readonly string[];
  readonly ImageUri: string;
}

export interface AthenaDatasetDefinition {
  readonly Catalog: Value<string>;
  readonly Database: Value<string>;
  readonly KmsKeyId?: Value<string>;
  readonly OutputCompression?: Value<string>;
  readonly OutputFormat: Value<string>;
  readonly OutputS3Uri: Value<string>;
  readonly QueryString: Value<string>;
  readonly WorkGroup?: Value<string>;
}

export interface AthenaDatasetDefinitionAnswer {
  readonly Catalog: string;
  readonly Database: string;
  readonly KmsKeyId: string;
  readonly OutputCompression: string;
  readonly OutputFormat: string;
  readonly OutputS3Uri: string;
  readonly QueryString: string;
  readonly WorkGroup: string;
}

export interface AutoParameter {
  readonly Name: Value<string>;
  readonly ValueHint: Value<string>;
}

export interface AutoParameterAnswer {
  readonly Name: string;
  readonly ValueHint: string;
}

export interface Autotune {
  readonly Mode: Value<string>;
}

export interface AutotuneAnswer {
  readonly Mode: string;
}

export interface BaseModel {
  readonly HubContentName?: Value<string>;
  readonly HubContentVersion?: Value<string>;
  readonly RecipeName?: Value<string>;
}

export interface BaseModelAnswer {
  readonly HubContentName: string;
  readonly HubContentVersion: string;
  readonly RecipeName: string;
}

export interface BatchDataCaptureConfig {
  readonly DestinationS3Uri: Value<string>;
  readonly GenerateInferenceId?: Value<boolean>;
  readonly KmsKeyId?: Value<string>;
}

export interface BatchDataCaptureConfigAnswer {
  readonly DestinationS3Uri: string;
  readonly GenerateInferenceId: boolean;
  readonly KmsKeyId: string;
}

export interface BestObjectiveNotImproving {
  readonly MaxNumberOfTrainingJobsNotImproving?: Value<number>;
}

export interface BestObjectiveNotImprovingAnswer {
  readonly MaxNumberOfTrainingJobsNotImproving: number;
}

export interface Bias {
  readonly PostTrainingReport?: MetricsSource;
  readonly PreTrainingReport?: MetricsSource;
  readonly Report?: MetricsSource;
}

export interface BiasAnswer {
  readonly PostTrainingReport: MetricsSourceAnswer;
  readonly PreTrainingReport: MetricsSourceAnswer;
  readonly Report: MetricsSourceAnswer;
}

export interface CategoricalParameterRange {
  readonly Name: Value<string>;
  readonly Values: readonly Value<string>[];
}

export interface CategoricalParameterRangeAnswer {
  readonly Name: string;
  readonly Values: readonly string[];
}

export interface Channel {
  readonly ChannelName: Value<string>;
  readonly CompressionType?: Value<string>;
  readonly ContentType?: Value<string>;
  readonly DataSource: DataSource;
  readonly InputMode?: Value<string>;
  readonly RecordWrapperType?: Value<string>;
  readonly ShuffleConfig?: ShuffleConfig;
}

export interface ChannelAnswer {
  readonly ChannelName: string;
  readonly CompressionType: string;
  readonly ContentType: string;
  readonly DataSource: DataSourceAnswer;
  readonly InputMode: string;
  readonly RecordWrapperType: string;
  readonly ShuffleConfig: ShuffleConfigAnswer;
}

export interface CheckpointConfig {
  readonly LocalPath?: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface CheckpointConfigAnswer {
  readonly LocalPath: string;
  readonly S3Uri: string;
}

export interface CollectionConfiguration {
  readonly CollectionName?: Value<string>;
  readonly CollectionParameters?: Readonly<Record<string, Value<string>>>;
}

export interface CollectionConfigurationAnswer {
  readonly CollectionName: string;
  readonly CollectionParameters: Readonly<Record<string, string>>;
}

export interface ContainerDefinition {
  readonly AdditionalModelDataSources?: readonly AdditionalModelDataSource[];
  readonly ContainerHostname?: Value<string>;
  readonly ContainerMetricsConfig?: ContainerMetricsConfig;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly Image?: Value<string>;
  readonly ImageConfig?: ImageConfig;
  readonly InferenceSpecificationName?: Value<string>;
  readonly Mode?: Value<string>;
  readonly ModelDataSource?: ModelDataSource;
  readonly ModelDataUrl?: Value<string>;
  readonly ModelPackageName?: Value<string>;
  readonly MultiModelConfig?: MultiModelConfig;
}

export interface ContainerDefinitionAnswer {
  readonly AdditionalModelDataSources: readonly AdditionalModelDataSourceAnswer[];
  readonly ContainerHostname: string;
  readonly ContainerMetricsConfig: ContainerMetricsConfigAnswer;
  readonly Environment: Readonly<Record<string, string>>;
  readonly Image: string;
  readonly ImageConfig: ImageConfigAnswer;
  readonly InferenceSpecificationName: string;
  readonly Mode: string;
  readonly ModelDataSource: ModelDataSourceAnswer;
  readonly ModelDataUrl: string;
  readonly ModelPackageName: string;
  readonly MultiModelConfig: MultiModelConfigAnswer;
}

export interface ContainerMetricsConfig {
  readonly MetricsEndpoints?: readonly MetricsEndpoint[];
}

export interface ContainerMetricsConfigAnswer {
  readonly MetricsEndpoints: readonly MetricsEndpointAnswer[];
}

export interface ContinuousParameterRange {
  readonly MaxValue: Value<string>;
  readonly MinValue: Value<string>;
  readonly Name: Value<string>;
  readonly ScalingType?: Value<string>;
}

export interface ContinuousParameterRangeAnswer {
  readonly MaxValue: string;
  readonly MinValue: string;
  readonly Name: string;
  readonly ScalingType: string;
}

export interface ConvergenceDetected {
  readonly CompleteOnConvergence?: Value<string>;
}

export interface ConvergenceDetectedAnswer {
  readonly CompleteOnConvergence: string;
}

export interface CreateHyperParameterTuningJobRequest {
  readonly Autotune?: Autotune;
  readonly HyperParameterTuningJobConfig: HyperParameterTuningJobConfig;
  readonly Tags?: readonly Tag[];
  readonly TrainingJobDefinition?: HyperParameterTrainingJobDefinition;
  readonly TrainingJobDefinitions?: readonly HyperParameterTrainingJobDefinition[];
  readonly WarmStartConfig?: HyperParameterTuningJobWarmStartConfig;
}

export interface CreateModelInput {
  readonly Containers?: readonly ContainerDefinition[];
  readonly EnableNetworkIsolation?: Value<boolean>;
  readonly ExecutionRoleArn?: Value<string>;
  readonly InferenceExecutionConfig?: InferenceExecutionConfig;
  readonly PrimaryContainer?: ContainerDefinition;
  readonly Tags?: readonly Tag[];
  readonly VpcConfig?: VpcConfig;
}

export interface CreateModelPackageInput {
  readonly AdditionalInferenceSpecifications?: readonly AdditionalInferenceSpecificationDefinition[];
  readonly CustomerMetadataProperties?: Readonly<Record<string, Value<string>>>;
  readonly Domain?: Value<string>;
  readonly DriftCheckBaselines?: DriftCheckBaselines;
  readonly InferenceSpecification?: InferenceSpecification;
  readonly ManagedStorageType?: Value<string>;
  readonly MetadataProperties?: MetadataProperties;
  readonly ModelApprovalStatus?: Value<string>;
  readonly ModelCard?: ModelPackageModelCard;
  readonly ModelLifeCycle?: ModelLifeCycle;
  readonly ModelMetrics?: ModelMetrics;
  readonly ModelPackageDescription?: Value<string>;
  readonly ModelPackageGroupName?: Value<string>;
  readonly ModelPackageRegistrationType?: Value<string>;
  readonly SamplePayloadUrl?: Value<string>;
  readonly SecurityConfig?: ModelPackageSecurityConfig;
  readonly SkipModelValidation?: Value<string>;
  readonly SourceAlgorithmSpecification?: SourceAlgorithmSpecification;
  readonly SourceUri?: Value<string>;
  readonly Tags?: readonly Tag[];
  readonly Task?: Value<string>;
  readonly ValidationSpecification?: ModelPackageValidationSpecification;
}

export interface CreateProcessingJobRequest {
  readonly AppSpecification: AppSpecification;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly ExperimentConfig?: ExperimentConfig;
  readonly NetworkConfig?: NetworkConfig;
  readonly ProcessingInputs?: readonly ProcessingInput[];
  readonly ProcessingOutputConfig?: ProcessingOutputConfig;
  readonly ProcessingResources: ProcessingResources;
  readonly RoleArn: Value<string>;
  readonly StoppingCondition?: ProcessingStoppingCondition;
  readonly Tags?: readonly Tag[];
}

export interface CreateTrainingJobRequest {
  readonly AlgorithmSpecification?: AlgorithmSpecification;
  readonly CheckpointConfig?: CheckpointConfig;
  readonly DebugHookConfig?: DebugHookConfig;
  readonly DebugRuleConfigurations?: readonly DebugRuleConfiguration[];
  readonly EnableInterContainerTrafficEncryption?: Value<boolean>;
  readonly EnableManagedSpotTraining?: Value<boolean>;
  readonly EnableNetworkIsolation?: Value<boolean>;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly ExperimentConfig?: ExperimentConfig;
  readonly HyperParameters?: Readonly<Record<string, Value<string>>>;
  readonly InfraCheckConfig?: InfraCheckConfig;
  readonly InputDataConfig?: readonly Channel[];
  readonly MlflowConfig?: MlflowConfig;
  readonly ModelPackageConfig?: ModelPackageConfig;
  readonly OutputDataConfig: OutputDataConfig;
  readonly ProfilerConfig?: ProfilerConfig;
  readonly ProfilerRuleConfigurations?: readonly ProfilerRuleConfiguration[];
  readonly RemoteDebugConfig?: RemoteDebugConfig;
  readonly ResourceConfig?: ResourceConfig;
  readonly RetryStrategy?: RetryStrategy;
  readonly RoleArn: Value<string>;
  readonly ServerlessJobConfig?: ServerlessJobConfig;
  readonly SessionChainingConfig?: SessionChainingConfig;
  readonly StoppingCondition?: StoppingCondition;
  readonly Tags?: readonly Tag[];
  readonly TensorBoardOutputConfig?: TensorBoardOutputConfig;
  readonly VpcConfig?: VpcConfig;
}

export interface CreateTransformJobRequest {
  readonly BatchStrategy?: Value<string>;
  readonly DataCaptureConfig?: BatchDataCaptureConfig;
  readonly DataProcessing?: DataProcessing;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly ExperimentConfig?: ExperimentConfig;
  readonly MaxConcurrentTransforms?: Value<number>;
  readonly MaxPayloadInMB?: Value<number>;
  readonly ModelClientConfig?: ModelClientConfig;
  readonly ModelName: Value<string>;
  readonly Tags?: readonly Tag[];
  readonly TransformInput: TransformInput;
  readonly TransformOutput: TransformOutput;
  readonly TransformResources: TransformResources;
}

export interface DataProcessing {
  readonly InputFilter?: Value<string>;
  readonly JoinSource?: Value<string>;
  readonly OutputFilter?: Value<string>;
}

export interface DataProcessingAnswer {
  readonly InputFilter: string;
  readonly JoinSource: string;
  readonly OutputFilter: string;
}

export interface DataSource {
  readonly DatasetSource?: DatasetSource;
  readonly FileSystemDataSource?: FileSystemDataSource;
  readonly S3DataSource?: S3DataSource;
}

export interface DataSourceAnswer {
  readonly DatasetSource: DatasetSourceAnswer;
  readonly FileSystemDataSource: FileSystemDataSourceAnswer;
  readonly S3DataSource: S3DataSourceAnswer;
}

export interface DatasetDefinition {
  readonly AthenaDatasetDefinition?: AthenaDatasetDefinition;
  readonly DataDistributionType?: Value<string>;
  readonly InputMode?: Value<string>;
  readonly LocalPath?: Value<string>;
  readonly RedshiftDatasetDefinition?: RedshiftDatasetDefinition;
}

export interface DatasetDefinitionAnswer {
  readonly AthenaDatasetDefinition: AthenaDatasetDefinitionAnswer;
  readonly DataDistributionType: string;
  readonly InputMode: string;
  readonly LocalPath: string;
  readonly RedshiftDatasetDefinition: RedshiftDatasetDefinitionAnswer;
}

export interface DatasetSource {
  readonly DatasetArn: Value<string>;
}

export interface DatasetSourceAnswer {
  readonly DatasetArn: string;
}

export interface DebugHookConfig {
  readonly CollectionConfigurations?: readonly CollectionConfiguration[];
  readonly HookParameters?: Readonly<Record<string, Value<string>>>;
  readonly LocalPath?: Value<string>;
  readonly S3OutputPath: Value<string>;
}

export interface DebugHookConfigAnswer {
  readonly CollectionConfigurations: readonly CollectionConfigurationAnswer[];
  readonly HookParameters: Readonly<Record<string, string>>;
  readonly LocalPath: string;
  readonly S3OutputPath: string;
}

export interface DebugRuleConfiguration {
  readonly InstanceType?: Value<string>;
  readonly LocalPath?: Value<string>;
  readonly RuleConfigurationName: Value<string>;
  readonly RuleEvaluatorImage: Value<string>;
  readonly RuleParameters?: Readonly<Record<string, Value<string>>>;
  readonly S3OutputPath?: Value<string>;
  readonly VolumeSizeInGB?: Value<number>;
}

export interface DebugRuleConfigurationAnswer {
  readonly InstanceType: string;
  readonly LocalPath: string;
  readonly RuleConfigurationName: string;
  readonly RuleEvaluatorImage: string;
  readonly RuleParameters: Readonly<Record<string, string>>;
  readonly S3OutputPath: string;
  readonly VolumeSizeInGB: number;
}

export interface DebugRuleEvaluationStatus {
  readonly LastModifiedTime: string;
  readonly RuleConfigurationName: string;
  readonly RuleEvaluationJobArn: string;
  readonly RuleEvaluationStatus: string;
  readonly StatusDetails: string;
}

export interface DeploymentRecommendation {
  readonly RealTimeInferenceRecommendations: readonly RealTimeInferenceRecommendation[];
  readonly RecommendationStatus: string;
}

export interface DescribeHyperParameterTuningJobResponse {
  readonly Autotune: AutotuneAnswer;
  readonly BestTrainingJob: HyperParameterTrainingJobSummary;
  readonly ConsumedResources: HyperParameterTuningJobConsumedResources;
  readonly CreationTime: string;
  readonly FailureReason: string;
  readonly HyperParameterTuningEndTime: string;
  readonly HyperParameterTuningJobArn: string;
  readonly HyperParameterTuningJobConfig: HyperParameterTuningJobConfigAnswer;
  readonly HyperParameterTuningJobName: string;
  readonly HyperParameterTuningJobStatus: string;
  readonly LastModifiedTime: string;
  readonly ObjectiveStatusCounters: ObjectiveStatusCounters;
  readonly OverallBestTrainingJob: HyperParameterTrainingJobSummary;
  readonly TrainingJobDefinition: HyperParameterTrainingJobDefinitionAnswer;
  readonly TrainingJobDefinitions: readonly HyperParameterTrainingJobDefinitionAnswer[];
  readonly TrainingJobStatusCounters: TrainingJobStatusCounters;
  readonly TuningJobCompletionDetails: HyperParameterTuningJobCompletionDetails;
  readonly WarmStartConfig: HyperParameterTuningJobWarmStartConfigAnswer;
}

export interface DescribeModelOutput {
  readonly Containers: readonly ContainerDefinitionAnswer[];
  readonly CreationTime: string;
  readonly DeploymentRecommendation: DeploymentRecommendation;
  readonly EnableNetworkIsolation: boolean;
  readonly ExecutionRoleArn: string;
  readonly InferenceExecutionConfig: InferenceExecutionConfigAnswer;
  readonly ModelArn: string;
  readonly ModelName: string;
  readonly PrimaryContainer: ContainerDefinitionAnswer;
  readonly VpcConfig: VpcConfigAnswer;
}

export interface DescribeModelPackageOutput {
  readonly AdditionalInferenceSpecifications: readonly AdditionalInferenceSpecificationDefinitionAnswer[];
  readonly ApprovalDescription: string;
  readonly CertifyForMarketplace: boolean;
  readonly CreatedBy: UserContext;
  readonly CreationTime: string;
  readonly CustomerMetadataProperties: Readonly<Record<string, string>>;
  readonly Domain: string;
  readonly DriftCheckBaselines: DriftCheckBaselinesAnswer;
  readonly InferenceSpecification: InferenceSpecificationAnswer;
  readonly LastModifiedBy: UserContext;
  readonly LastModifiedTime: string;
  readonly ManagedStorageType: string;
  readonly MetadataProperties: MetadataPropertiesAnswer;
  readonly ModelApprovalStatus: string;
  readonly ModelCard: ModelPackageModelCardAnswer;
  readonly ModelLifeCycle: ModelLifeCycleAnswer;
  readonly ModelMetrics: ModelMetricsAnswer;
  readonly ModelPackageArn: string;
  readonly ModelPackageDescription: string;
  readonly ModelPackageGroupName: string;
  readonly ModelPackageName: string;
  readonly ModelPackageRegistrationType: string;
  readonly ModelPackageStatus: string;
  readonly ModelPackageStatusDetails: ModelPackageStatusDetails;
  readonly ModelPackageVersion: number;
  readonly SamplePayloadUrl: string;
  readonly SecurityConfig: ModelPackageSecurityConfigAnswer;
  readonly SkipModelValidation: string;
  readonly SourceAlgorithmSpecification: SourceAlgorithmSpecificationAnswer;
  readonly SourceUri: string;
  readonly Task: string;
  readonly ValidationSpecification: ModelPackageValidationSpecificationAnswer;
}

export interface DescribeProcessingJobResponse {
  readonly AppSpecification: AppSpecificationAnswer;
  readonly AutoMLJobArn: string;
  readonly CreationTime: string;
  readonly Environment: Readonly<Record<string, string>>;
  readonly ExitMessage: string;
  readonly ExperimentConfig: ExperimentConfigAnswer;
  readonly FailureReason: string;
  readonly LastModifiedTime: string;
  readonly MonitoringScheduleArn: string;
  readonly NetworkConfig: NetworkConfigAnswer;
  readonly ProcessingEndTime: string;
  readonly ProcessingInputs: readonly ProcessingInputAnswer[];
  readonly ProcessingJobArn: string;
  readonly ProcessingJobName: string;
  readonly ProcessingJobStatus: string;
  readonly ProcessingOutputConfig: ProcessingOutputConfigAnswer;
  readonly ProcessingResources: ProcessingResourcesAnswer;
  readonly ProcessingStartTime: string;
  readonly RoleArn: string;
  readonly StoppingCondition: ProcessingStoppingConditionAnswer;
  readonly TrainingJobArn: string;
}

export interface DescribeTrainingJobResponse {
  readonly AlgorithmSpecification: AlgorithmSpecificationAnswer;
  readonly AutoMLJobArn: string;
  readonly BillableTimeInSeconds: number;
  readonly BillableTokenCount: number;
  readonly CheckpointConfig: CheckpointConfigAnswer;
  readonly CreationTime: string;
  readonly DebugHookConfig: DebugHookConfigAnswer;
  readonly DebugRuleConfigurations: readonly DebugRuleConfigurationAnswer[];
  readonly DebugRuleEvaluationStatuses: readonly DebugRuleEvaluationStatus[];
  readonly EnableInterContainerTrafficEncryption: boolean;
  readonly EnableManagedSpotTraining: boolean;
  readonly EnableNetworkIsolation: boolean;
  readonly Environment: Readonly<Record<string, string>>;
  readonly ExperimentConfig: ExperimentConfigAnswer;
  readonly FailureReason: string;
  readonly FinalMetricDataList: readonly MetricData[];
  readonly HyperParameters: Readonly<Record<string, string>>;
  readonly InfraCheckConfig: InfraCheckConfigAnswer;
  readonly InputDataConfig: readonly ChannelAnswer[];
  readonly LabelingJobArn: string;
  readonly LastModifiedTime: string;
  readonly MlflowConfig: MlflowConfigAnswer;
  readonly MlflowDetails: MlflowDetails;
  readonly ModelArtifacts: ModelArtifacts;
  readonly ModelPackageConfig: ModelPackageConfigAnswer;
  readonly OutputDataConfig: OutputDataConfigAnswer;
  readonly OutputModelPackageArn: string;
  readonly ProfilerConfig: ProfilerConfigAnswer;
  readonly ProfilerRuleConfigurations: readonly ProfilerRuleConfigurationAnswer[];
  readonly ProfilerRuleEvaluationStatuses: readonly ProfilerRuleEvaluationStatus[];
  readonly ProfilingStatus: string;
  readonly ProgressInfo: TrainingProgressInfo;
  readonly RemoteDebugConfig: RemoteDebugConfigAnswer;
  readonly ResourceConfig: ResourceConfigAnswer;
  readonly RetryStrategy: RetryStrategyAnswer;
  readonly RoleArn: string;
  readonly SecondaryStatus: string;
  readonly SecondaryStatusTransitions: readonly SecondaryStatusTransition[];
  readonly ServerlessJobConfig: ServerlessJobConfigAnswer;
  readonly StoppingCondition: StoppingConditionAnswer;
  readonly TensorBoardOutputConfig: TensorBoardOutputConfigAnswer;
  readonly TrainingEndTime: string;
  readonly TrainingJobArn: string;
  readonly TrainingJobName: string;
  readonly TrainingJobStatus: string;
  readonly TrainingStartTime: string;
  readonly TrainingTimeInSeconds: number;
  readonly TuningJobArn: string;
  readonly VpcConfig: VpcConfigAnswer;
  readonly WarmPoolStatus: WarmPoolStatus;
}

export interface DescribeTransformJobResponse {
  readonly AutoMLJobArn: string;
  readonly BatchStrategy: string;
  readonly CreationTime: string;
  readonly DataCaptureConfig: BatchDataCaptureConfigAnswer;
  readonly DataProcessing: DataProcessingAnswer;
  readonly Environment: Readonly<Record<string, string>>;
  readonly ExperimentConfig: ExperimentConfigAnswer;
  readonly FailureReason: string;
  readonly LabelingJobArn: string;
  readonly MaxConcurrentTransforms: number;
  readonly MaxPayloadInMB: number;
  readonly ModelClientConfig: ModelClientConfigAnswer;
  readonly ModelName: string;
  readonly TransformEndTime: string;
  readonly TransformInput: TransformInputAnswer;
  readonly TransformJobArn: string;
  readonly TransformJobName: string;
  readonly TransformJobStatus: string;
  readonly TransformOutput: TransformOutputAnswer;
  readonly TransformResources: TransformResourcesAnswer;
  readonly TransformStartTime: string;
}

export interface DriftCheckBaselines {
  readonly Bias?: DriftCheckBias;
  readonly Explainability?: DriftCheckExplainability;
  readonly ModelDataQuality?: DriftCheckModelDataQuality;
  readonly ModelQuality?: DriftCheckModelQuality;
}

export interface DriftCheckBaselinesAnswer {
  readonly Bias: DriftCheckBiasAnswer;
  readonly Explainability: DriftCheckExplainabilityAnswer;
  readonly ModelDataQuality: DriftCheckModelDataQualityAnswer;
  readonly ModelQuality: DriftCheckModelQualityAnswer;
}

export interface DriftCheckBias {
  readonly ConfigFile?: FileSource;
  readonly PostTrainingConstraints?: MetricsSource;
  readonly PreTrainingConstraints?: MetricsSource;
}

export interface DriftCheckBiasAnswer {
  readonly ConfigFile: FileSourceAnswer;
  readonly PostTrainingConstraints: MetricsSourceAnswer;
  readonly PreTrainingConstraints: MetricsSourceAnswer;
}

export interface DriftCheckExplainability {
  readonly ConfigFile?: FileSource;
  readonly Constraints?: MetricsSource;
}

export interface DriftCheckExplainabilityAnswer {
  readonly ConfigFile: FileSourceAnswer;
  readonly Constraints: MetricsSourceAnswer;
}

export interface DriftCheckModelDataQuality {
  readonly Constraints?: MetricsSource;
  readonly Statistics?: MetricsSource;
}

export interface DriftCheckModelDataQualityAnswer {
  readonly Constraints: MetricsSourceAnswer;
  readonly Statistics: MetricsSourceAnswer;
}

export interface DriftCheckModelQuality {
  readonly Constraints?: MetricsSource;
  readonly Statistics?: MetricsSource;
}

export interface DriftCheckModelQualityAnswer {
  readonly Constraints: MetricsSourceAnswer;
  readonly Statistics: MetricsSourceAnswer;
}

export interface ExperimentConfig {
  readonly ExperimentName?: Value<string>;
  readonly RunName?: Value<string>;
  readonly TrialComponentDisplayName?: Value<string>;
  readonly TrialName?: Value<string>;
}

export interface ExperimentConfigAnswer {
  readonly ExperimentName: string;
  readonly RunName: string;
  readonly TrialComponentDisplayName: string;
  readonly TrialName: string;
}

export interface Explainability {
  readonly Report?: MetricsSource;
}

export interface ExplainabilityAnswer {
  readonly Report: MetricsSourceAnswer;
}

export interface FileSource {
  readonly ContentDigest?: Value<string>;
  readonly ContentType?: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface FileSourceAnswer {
  readonly ContentDigest: string;
  readonly ContentType: string;
  readonly S3Uri: string;
}

export interface FileSystemDataSource {
  readonly DirectoryPath: Value<string>;
  readonly FileSystemAccessMode: Value<string>;
  readonly FileSystemId: Value<string>;
  readonly FileSystemType: Value<string>;
}

export interface FileSystemDataSourceAnswer {
  readonly DirectoryPath: string;
  readonly FileSystemAccessMode: string;
  readonly FileSystemId: string;
  readonly FileSystemType: string;
}

export interface FinalHyperParameterTuningJobObjectiveMetric {
  readonly MetricName: string;
  readonly Type: string;
  readonly Value: number;
}

export interface HubAccessConfig {
  readonly HubContentArn: Value<string>;
}

export interface HubAccessConfigAnswer {
  readonly HubContentArn: string;
}

export interface HyperParameterAlgorithmSpecification {
  readonly AlgorithmName?: Value<string>;
  readonly MetricDefinitions?: readonly MetricDefinition[];
  readonly TrainingImage?: Value<string>;
  readonly TrainingInputMode: Value<string>;
}

export interface HyperParameterAlgorithmSpecificationAnswer {
  readonly AlgorithmName: string;
  readonly MetricDefinitions: readonly MetricDefinitionAnswer[];
  readonly TrainingImage: string;
  readonly TrainingInputMode: string;
}

export interface HyperParameterTrainingJobDefinition {
  readonly AlgorithmSpecification: HyperParameterAlgorithmSpecification;
  readonly CheckpointConfig?: CheckpointConfig;
  readonly DefinitionName?: Value<string>;
  readonly EnableInterContainerTrafficEncryption?: Value<boolean>;
  readonly EnableManagedSpotTraining?: Value<boolean>;
  readonly EnableNetworkIsolation?: Value<boolean>;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly HyperParameterRanges?: ParameterRanges;
  readonly HyperParameterTuningResourceConfig?: HyperParameterTuningResourceConfig;
  readonly InputDataConfig?: readonly Channel[];
  readonly OutputDataConfig: OutputDataConfig;
  readonly ResourceConfig?: ResourceConfig;
  readonly RetryStrategy?: RetryStrategy;
  readonly RoleArn: Value<string>;
  readonly StaticHyperParameters?: Readonly<Record<string, Value<string>>>;
  readonly StoppingCondition: StoppingCondition;
  readonly TuningObjective?: HyperParameterTuningJobObjective;
  readonly VpcConfig?: VpcConfig;
}

export interface HyperParameterTrainingJobDefinitionAnswer {
  readonly AlgorithmSpecification: HyperParameterAlgorithmSpecificationAnswer;
  readonly CheckpointConfig: CheckpointConfigAnswer;
  readonly DefinitionName: string;
  readonly EnableInterContainerTrafficEncryption: boolean;
  readonly EnableManagedSpotTraining: boolean;
  readonly EnableNetworkIsolation: boolean;
  readonly Environment: Readonly<Record<string, string>>;
  readonly HyperParameterRanges: ParameterRangesAnswer;
  readonly HyperParameterTuningResourceConfig: HyperParameterTuningResourceConfigAnswer;
  readonly InputDataConfig: readonly ChannelAnswer[];
  readonly OutputDataConfig: OutputDataConfigAnswer;
  readonly ResourceConfig: ResourceConfigAnswer;
  readonly RetryStrategy: RetryStrategyAnswer;
  readonly RoleArn: string;
  readonly StaticHyperParameters: Readonly<Record<string, string>>;
  readonly StoppingCondition: StoppingConditionAnswer;
  readonly TuningObjective: HyperParameterTuningJobObjectiveAnswer;
  readonly VpcConfig: VpcConfigAnswer;
}

export interface HyperParameterTrainingJobSummary {
  readonly CreationTime: string;
  readonly FailureReason: string;
  readonly FinalHyperParameterTuningJobObjectiveMetric: FinalHyperParameterTuningJobObjectiveMetric;
  readonly ObjectiveStatus: string;
  readonly TrainingEndTime: string;
  readonly TrainingJobArn: string;
  readonly TrainingJobDefinitionName: string;
  readonly TrainingJobName: string;
  readonly TrainingJobStatus: string;
  readonly TrainingStartTime: string;
  readonly TunedHyperParameters: Readonly<Record<string, string>>;
  readonly TuningJobName: string;
}

export interface HyperParameterTuningInstanceConfig {
  readonly InstanceCount: Value<number>;
  readonly InstanceType: Value<string>;
  readonly VolumeSizeInGB: Value<number>;
}

export interface HyperParameterTuningInstanceConfigAnswer {
  readonly InstanceCount: number;
  readonly InstanceType: string;
  readonly VolumeSizeInGB: number;
}

export interface HyperParameterTuningJobCompletionDetails {
  readonly ConvergenceDetectedTime: string;
  readonly NumberOfTrainingJobsObjectiveNotImproving: number;
}

export interface HyperParameterTuningJobConfig {
  readonly HyperParameterTuningJobObjective?: HyperParameterTuningJobObjective;
  readonly ParameterRanges?: ParameterRanges;
  readonly RandomSeed?: Value<number>;
  readonly ResourceLimits: ResourceLimits;
  readonly Strategy: Value<string>;
  readonly StrategyConfig?: HyperParameterTuningJobStrategyConfig;
  readonly TrainingJobEarlyStoppingType?: Value<string>;
  readonly TuningJobCompletionCriteria?: TuningJobCompletionCriteria;
}

export interface HyperParameterTuningJobConfigAnswer {
  readonly HyperParameterTuningJobObjective: HyperParameterTuningJobObjectiveAnswer;
  readonly ParameterRanges: ParameterRangesAnswer;
  readonly RandomSeed: number;
  readonly ResourceLimits: ResourceLimitsAnswer;
  readonly Strategy: string;
  readonly StrategyConfig: HyperParameterTuningJobStrategyConfigAnswer;
  readonly TrainingJobEarlyStoppingType: string;
  readonly TuningJobCompletionCriteria: TuningJobCompletionCriteriaAnswer;
}

export interface HyperParameterTuningJobConsumedResources {
  readonly RuntimeInSeconds: number;
}

export interface HyperParameterTuningJobObjective {
  readonly MetricName: Value<string>;
  readonly Type: Value<string>;
}

export interface HyperParameterTuningJobObjectiveAnswer {
  readonly MetricName: string;
  readonly Type: string;
}

export interface HyperParameterTuningJobStrategyConfig {
  readonly HyperbandStrategyConfig?: HyperbandStrategyConfig;
}

export interface HyperParameterTuningJobStrategyConfigAnswer {
  readonly HyperbandStrategyConfig: HyperbandStrategyConfigAnswer;
}

export interface HyperParameterTuningJobWarmStartConfig {
  readonly ParentHyperParameterTuningJobs: readonly ParentHyperParameterTuningJob[];
  readonly WarmStartType: Value<string>;
}

export interface HyperParameterTuningJobWarmStartConfigAnswer {
  readonly ParentHyperParameterTuningJobs: readonly ParentHyperParameterTuningJobAnswer[];
  readonly WarmStartType: string;
}

export interface HyperParameterTuningResourceConfig {
  readonly AllocationStrategy?: Value<string>;
  readonly InstanceConfigs?: readonly HyperParameterTuningInstanceConfig[];
  readonly InstanceCount?: Value<number>;
  readonly InstanceType?: Value<string>;
  readonly VolumeKmsKeyId?: Value<string>;
  readonly VolumeSizeInGB?: Value<number>;
}

export interface HyperParameterTuningResourceConfigAnswer {
  readonly AllocationStrategy: string;
  readonly InstanceConfigs: readonly HyperParameterTuningInstanceConfigAnswer[];
  readonly InstanceCount: number;
  readonly InstanceType: string;
  readonly VolumeKmsKeyId: string;
  readonly VolumeSizeInGB: number;
}

export interface HyperbandStrategyConfig {
  readonly MaxResource?: Value<number>;
  readonly MinResource?: Value<number>;
}

export interface HyperbandStrategyConfigAnswer {
  readonly MaxResource: number;
  readonly MinResource: number;
}

export interface IamIdentity {
  readonly Arn: string;
  readonly PrincipalId: string;
  readonly SourceIdentity: string;
}

export interface ImageConfig {
  readonly RepositoryAccessMode: Value<string>;
  readonly RepositoryAuthConfig?: RepositoryAuthConfig;
}

export interface ImageConfigAnswer {
  readonly RepositoryAccessMode: string;
  readonly RepositoryAuthConfig: RepositoryAuthConfigAnswer;
}

export interface InferenceExecutionConfig {
  readonly Mode: Value<string>;
}

export interface InferenceExecutionConfigAnswer {
  readonly Mode: string;
}

export interface InferenceHubAccessConfig {
  readonly HubContentArn: Value<string>;
}

export interface InferenceHubAccessConfigAnswer {
  readonly HubContentArn: string;
}

export interface InferenceSpecification {
  readonly Containers: readonly ModelPackageContainerDefinition[];
  readonly SupportedContentTypes?: readonly Value<string>[];
  readonly SupportedRealtimeInferenceInstanceTypes?: readonly Value<string>[];
  readonly SupportedResponseMIMETypes?: readonly Value<string>[];
  readonly SupportedTransformInstanceTypes?: readonly Value<string>[];
}

export interface InferenceSpecificationAnswer {
  readonly Containers: readonly ModelPackageContainerDefinitionAnswer[];
  readonly SupportedContentTypes: readonly string[];
  readonly SupportedRealtimeInferenceInstanceTypes: readonly string[];
  readonly SupportedResponseMIMETypes: readonly string[];
  readonly SupportedTransformInstanceTypes: readonly string[];
}

export interface InfraCheckConfig {
  readonly EnableInfraCheck?: Value<boolean>;
}

export interface InfraCheckConfigAnswer {
  readonly EnableInfraCheck: boolean;
}

export interface InstanceGroup {
  readonly InstanceCount: Value<number>;
  readonly InstanceGroupName: Value<string>;
  readonly InstanceType: Value<string>;
}

export interface InstanceGroupAnswer {
  readonly InstanceCount: number;
  readonly InstanceGroupName: string;
  readonly InstanceType: string;
}

export interface InstancePlacementConfig {
  readonly EnableMultipleJobs?: Value<boolean>;
  readonly PlacementSpecifications?: readonly PlacementSpecification[];
}

export interface InstancePlacementConfigAnswer {
  readonly EnableMultipleJobs: boolean;
  readonly PlacementSpecifications: readonly PlacementSpecificationAnswer[];
}

export interface InstancePreference {
  readonly InstanceCount?: Value<number>;
  readonly InstanceType: Value<string>;
  readonly TrainingPlanArns?: readonly Value<string>[];
}

export interface InstancePreferenceAnswer {
  readonly InstanceCount: number;
  readonly InstanceType: string;
  readonly TrainingPlanArns: readonly string[];
}

export interface IntegerParameterRange {
  readonly MaxValue: Value<string>;
  readonly MinValue: Value<string>;
  readonly Name: Value<string>;
  readonly ScalingType?: Value<string>;
}

export interface IntegerParameterRangeAnswer {
  readonly MaxValue: string;
  readonly MinValue: string;
  readonly Name: string;
  readonly ScalingType: string;
}

export interface MetadataProperties {
  readonly CommitId?: Value<string>;
  readonly GeneratedBy?: Value<string>;
  readonly ProjectId?: Value<string>;
  readonly Repository?: Value<string>;
}

export interface MetadataPropertiesAnswer {
  readonly CommitId: string;
  readonly GeneratedBy: string;
  readonly ProjectId: string;
  readonly Repository: string;
}

export interface MetricData {
  readonly MetricName: string;
  readonly Timestamp: string;
  readonly Value: number;
}

export interface MetricDefinition {
  readonly Name: Value<string>;
  readonly Regex: Value<string>;
}

export interface MetricDefinitionAnswer {
  readonly Name: string;
  readonly Regex: string;
}

export interface MetricsEndpoint {
  readonly MetricPublishFrequencyInSeconds?: Value<number>;
  readonly MetricsEndpointPath: Value<string>;
}

export interface MetricsEndpointAnswer {
  readonly MetricPublishFrequencyInSeconds: number;
  readonly MetricsEndpointPath: string;
}

export interface MetricsSource {
  readonly ContentDigest?: Value<string>;
  readonly ContentType: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface MetricsSourceAnswer {
  readonly ContentDigest: string;
  readonly ContentType: string;
  readonly S3Uri: string;
}

export interface MlflowConfig {
  readonly MlflowExperimentName?: Value<string>;
  readonly MlflowResourceArn: Value<string>;
  readonly MlflowRunName?: Value<string>;
}

export interface MlflowConfigAnswer {
  readonly MlflowExperimentName: string;
  readonly MlflowResourceArn: string;
  readonly MlflowRunName: string;
}

export interface MlflowDetails {
  readonly MlflowExperimentId: string;
  readonly MlflowRunId: string;
}

export interface ModelAccessConfig {
  readonly AcceptEula: Value<boolean>;
}

export interface ModelAccessConfigAnswer {
  readonly AcceptEula: boolean;
}

export interface ModelArtifacts {
  readonly S3ModelArtifacts: string;
}

export interface ModelClientConfig {
  readonly InvocationsMaxRetries?: Value<number>;
  readonly InvocationsTimeoutInSeconds?: Value<number>;
}

export interface ModelClientConfigAnswer {
  readonly InvocationsMaxRetries: number;
  readonly InvocationsTimeoutInSeconds: number;
}

export interface ModelDataQuality {
  readonly Constraints?: MetricsSource;
  readonly Statistics?: MetricsSource;
}

export interface ModelDataQualityAnswer {
  readonly Constraints: MetricsSourceAnswer;
  readonly Statistics: MetricsSourceAnswer;
}

export interface ModelDataSource {
  readonly S3DataSource?: S3ModelDataSource;
}

export interface ModelDataSourceAnswer {
  readonly S3DataSource: S3ModelDataSourceAnswer;
}

export interface ModelInput {
  readonly DataInputConfig: Value<string>;
}

export interface ModelInputAnswer {
  readonly DataInputConfig: string;
}

export interface ModelLifeCycle {
  readonly Stage: Value<string>;
  readonly StageDescription?: Value<string>;
  readonly StageStatus: Value<string>;
}

export interface ModelLifeCycleAnswer {
  readonly Stage: string;
  readonly StageDescription: string;
  readonly StageStatus: string;
}

export interface ModelMetrics {
  readonly Bias?: Bias;
  readonly Explainability?: Explainability;
  readonly ModelDataQuality?: ModelDataQuality;
  readonly ModelQuality?: ModelQuality;
}

export interface ModelMetricsAnswer {
  readonly Bias: BiasAnswer;
  readonly Explainability: ExplainabilityAnswer;
  readonly ModelDataQuality: ModelDataQualityAnswer;
  readonly ModelQuality: ModelQualityAnswer;
}

export interface ModelPackageConfig {
  readonly ModelPackageGroupArn: Value<string>;
  readonly SourceModelPackageArn?: Value<string>;
}

export interface ModelPackageConfigAnswer {
  readonly ModelPackageGroupArn: string;
  readonly SourceModelPackageArn: string;
}

export interface ModelPackageContainerDefinition {
  readonly AdditionalModelDataSources?: readonly AdditionalModelDataSource[];
  readonly AdditionalS3DataSource?: AdditionalS3DataSource;
  readonly BaseModel?: BaseModel;
  readonly ContainerHostname?: Value<string>;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly Framework?: Value<string>;
  readonly FrameworkVersion?: Value<string>;
  readonly Image?: Value<string>;
  readonly ImageDigest?: Value<string>;
  readonly IsCheckpoint?: Value<boolean>;
  readonly ModelDataETag?: Value<string>;
  readonly ModelDataSource?: ModelDataSource;
  readonly ModelDataUrl?: Value<string>;
  readonly ModelInput?: ModelInput;
  readonly NearestModelName?: Value<string>;
  readonly ProductId?: Value<string>;
}

export interface ModelPackageContainerDefinitionAnswer {
  readonly AdditionalModelDataSources: readonly AdditionalModelDataSourceAnswer[];
  readonly AdditionalS3DataSource: AdditionalS3DataSourceAnswer;
  readonly BaseModel: BaseModelAnswer;
  readonly ContainerHostname: string;
  readonly Environment: Readonly<Record<string, string>>;
  readonly Framework: string;
  readonly FrameworkVersion: string;
  readonly Image: string;
  readonly ImageDigest: string;
  readonly IsCheckpoint: boolean;
  readonly ModelDataETag: string;
  readonly ModelDataSource: ModelDataSourceAnswer;
  readonly ModelDataUrl: string;
  readonly ModelInput: ModelInputAnswer;
  readonly NearestModelName: string;
  readonly ProductId: string;
}

export interface ModelPackageModelCard {
  readonly ModelCardContent?: Value<string>;
  readonly ModelCardStatus?: Value<string>;
}

export interface ModelPackageModelCardAnswer {
  readonly ModelCardContent: string;
  readonly ModelCardStatus: string;
}

export interface ModelPackageSecurityConfig {
  readonly KmsKeyId: Value<string>;
}

export interface ModelPackageSecurityConfigAnswer {
  readonly KmsKeyId: string;
}

export interface ModelPackageStatusDetails {
  readonly ImageScanStatuses: readonly ModelPackageStatusItem[];
  readonly ValidationStatuses: readonly ModelPackageStatusItem[];
}

export interface ModelPackageStatusItem {
  readonly FailureReason: string;
  readonly Name: string;
  readonly Status: string;
}

export interface ModelPackageValidationProfile {
  readonly ProfileName: Value<string>;
  readonly TransformJobDefinition: TransformJobDefinition;
}

export interface ModelPackageValidationProfileAnswer {
  readonly ProfileName: string;
  readonly TransformJobDefinition: TransformJobDefinitionAnswer;
}

export interface ModelPackageValidationSpecification {
  readonly ValidationProfiles: readonly ModelPackageValidationProfile[];
  readonly ValidationRole: Value<string>;
}

export interface ModelPackageValidationSpecificationAnswer {
  readonly ValidationProfiles: readonly ModelPackageValidationProfileAnswer[];
  readonly ValidationRole: string;
}

export interface ModelQuality {
  readonly Constraints?: MetricsSource;
  readonly Statistics?: MetricsSource;
}

export interface ModelQualityAnswer {
  readonly Constraints: MetricsSourceAnswer;
  readonly Statistics: MetricsSourceAnswer;
}

export interface MultiModelConfig {
  readonly ModelCacheSetting?: Value<string>;
}

export interface MultiModelConfigAnswer {
  readonly ModelCacheSetting: string;
}

export interface NetworkConfig {
  readonly EnableInterContainerTrafficEncryption?: Value<boolean>;
  readonly EnableNetworkIsolation?: Value<boolean>;
  readonly VpcConfig?: VpcConfig;
}

export interface NetworkConfigAnswer {
  readonly EnableInterContainerTrafficEncryption: boolean;
  readonly EnableNetworkIsolation: boolean;
  readonly VpcConfig: VpcConfigAnswer;
}

export interface ObjectiveStatusCounters {
  readonly Failed: number;
  readonly Pending: number;
  readonly Succeeded: number;
}

export interface OutputDataConfig {
  readonly CompressionType?: Value<string>;
  readonly KmsKeyId?: Value<string>;
  readonly S3OutputPath: Value<string>;
}

export interface OutputDataConfigAnswer {
  readonly CompressionType: string;
  readonly KmsKeyId: string;
  readonly S3OutputPath: string;
}

export interface ParameterRanges {
  readonly AutoParameters?: readonly AutoParameter[];
  readonly CategoricalParameterRanges?: readonly CategoricalParameterRange[];
  readonly ContinuousParameterRanges?: readonly ContinuousParameterRange[];
  readonly IntegerParameterRanges?: readonly IntegerParameterRange[];
}

export interface ParameterRangesAnswer {
  readonly AutoParameters: readonly AutoParameterAnswer[];
  readonly CategoricalParameterRanges: readonly CategoricalParameterRangeAnswer[];
  readonly ContinuousParameterRanges: readonly ContinuousParameterRangeAnswer[];
  readonly IntegerParameterRanges: readonly IntegerParameterRangeAnswer[];
}

export interface ParentHyperParameterTuningJob {
  readonly HyperParameterTuningJobName?: Value<string>;
}

export interface ParentHyperParameterTuningJobAnswer {
  readonly HyperParameterTuningJobName: string;
}

export interface PlacementSpecification {
  readonly InstanceCount: Value<number>;
  readonly UltraServerId?: Value<string>;
}

export interface PlacementSpecificationAnswer {
  readonly InstanceCount: number;
  readonly UltraServerId: string;
}

export interface ProcessingClusterConfig {
  readonly InstanceCount?: Value<number>;
  readonly InstancePreferences?: readonly ProcessingInstancePreference[];
  readonly InstanceType?: Value<string>;
  readonly SelectedInstanceCount?: Value<number>;
  readonly SelectedInstanceType?: Value<string>;
  readonly VolumeKmsKeyId?: Value<string>;
  readonly VolumeSizeInGB: Value<number>;
}

export interface ProcessingClusterConfigAnswer {
  readonly InstanceCount: number;
  readonly InstancePreferences: readonly ProcessingInstancePreferenceAnswer[];
  readonly InstanceType: string;
  readonly SelectedInstanceCount: number;
  readonly SelectedInstanceType: string;
  readonly VolumeKmsKeyId: string;
  readonly VolumeSizeInGB: number;
}

export interface ProcessingFeatureStoreOutput {
  readonly FeatureGroupName: Value<string>;
}

export interface ProcessingFeatureStoreOutputAnswer {
  readonly FeatureGroupName: string;
}

export interface ProcessingInput {
  readonly AppManaged?: Value<boolean>;
  readonly DatasetDefinition?: DatasetDefinition;
  readonly InputName: Value<string>;
  readonly S3Input?: ProcessingS3Input;
}

export interface ProcessingInputAnswer {
  readonly AppManaged: boolean;
  readonly DatasetDefinition: DatasetDefinitionAnswer;
  readonly InputName: string;
  readonly S3Input: ProcessingS3InputAnswer;
}

export interface ProcessingInstancePreference {
  readonly InstanceCount?: Value<number>;
  readonly InstanceType: Value<string>;
}

export interface ProcessingInstancePreferenceAnswer {
  readonly InstanceCount: number;
  readonly InstanceType: string;
}

export interface ProcessingOutput {
  readonly AppManaged?: Value<boolean>;
  readonly FeatureStoreOutput?: ProcessingFeatureStoreOutput;
  readonly OutputName: Value<string>;
  readonly S3Output?: ProcessingS3Output;
}

export interface ProcessingOutputAnswer {
  readonly AppManaged: boolean;
  readonly FeatureStoreOutput: ProcessingFeatureStoreOutputAnswer;
  readonly OutputName: string;
  readonly S3Output: ProcessingS3OutputAnswer;
}

export interface ProcessingOutputConfig {
  readonly KmsKeyId?: Value<string>;
  readonly Outputs: readonly ProcessingOutput[];
}

export interface ProcessingOutputConfigAnswer {
  readonly KmsKeyId: string;
  readonly Outputs: readonly ProcessingOutputAnswer[];
}

export interface ProcessingResources {
  readonly ClusterConfig: ProcessingClusterConfig;
}

export interface ProcessingResourcesAnswer {
  readonly ClusterConfig: ProcessingClusterConfigAnswer;
}

export interface ProcessingS3Input {
  readonly LocalPath?: Value<string>;
  readonly S3CompressionType?: Value<string>;
  readonly S3DataDistributionType?: Value<string>;
  readonly S3DataType: Value<string>;
  readonly S3InputMode?: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface ProcessingS3InputAnswer {
  readonly LocalPath: string;
  readonly S3CompressionType: string;
  readonly S3DataDistributionType: string;
  readonly S3DataType: string;
  readonly S3InputMode: string;
  readonly S3Uri: string;
}

export interface ProcessingS3Output {
  readonly LocalPath?: Value<string>;
  readonly S3UploadMode: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface ProcessingS3OutputAnswer {
  readonly LocalPath: string;
  readonly S3UploadMode: string;
  readonly S3Uri: string;
}

export interface ProcessingStoppingCondition {
  readonly MaxRuntimeInSeconds: Value<number>;
}

export interface ProcessingStoppingConditionAnswer {
  readonly MaxRuntimeInSeconds: number;
}

export interface ProfilerConfig {
  readonly DisableProfiler?: Value<boolean>;
  readonly ProfilingIntervalInMilliseconds?: Value<number>;
  readonly ProfilingParameters?: Readonly<Record<string, Value<string>>>;
  readonly S3OutputPath?: Value<string>;
}

export interface ProfilerConfigAnswer {
  readonly DisableProfiler: boolean;
  readonly ProfilingIntervalInMilliseconds: number;
  readonly ProfilingParameters: Readonly<Record<string, string>>;
  readonly S3OutputPath: string;
}

export interface ProfilerRuleConfiguration {
  readonly InstanceType?: Value<string>;
  readonly LocalPath?: Value<string>;
  readonly RuleConfigurationName: Value<string>;
  readonly RuleEvaluatorImage: Value<string>;
  readonly RuleParameters?: Readonly<Record<string, Value<string>>>;
  readonly S3OutputPath?: Value<string>;
  readonly VolumeSizeInGB?: Value<number>;
}

export interface ProfilerRuleConfigurationAnswer {
  readonly InstanceType: string;
  readonly LocalPath: string;
  readonly RuleConfigurationName: string;
  readonly RuleEvaluatorImage: string;
  readonly RuleParameters: Readonly<Record<string, string>>;
  readonly S3OutputPath: string;
  readonly VolumeSizeInGB: number;
}

export interface ProfilerRuleEvaluationStatus {
  readonly LastModifiedTime: string;
  readonly RuleConfigurationName: string;
  readonly RuleEvaluationJobArn: string;
  readonly RuleEvaluationStatus: string;
  readonly StatusDetails: string;
}

export interface RealTimeInferenceRecommendation {
  readonly Environment: Readonly<Record<string, string>>;
  readonly InstanceType: string;
  readonly RecommendationId: string;
}

export interface RedshiftDatasetDefinition {
  readonly ClusterId: Value<string>;
  readonly ClusterRoleArn: Value<string>;
  readonly Database: Value<string>;
  readonly DbUser: Value<string>;
  readonly KmsKeyId?: Value<string>;
  readonly OutputCompression?: Value<string>;
  readonly OutputFormat: Value<string>;
  readonly OutputS3Uri: Value<string>;
  readonly QueryString: Value<string>;
}

export interface RedshiftDatasetDefinitionAnswer {
  readonly ClusterId: string;
  readonly ClusterRoleArn: string;
  readonly Database: string;
  readonly DbUser: string;
  readonly KmsKeyId: string;
  readonly OutputCompression: string;
  readonly OutputFormat: string;
  readonly OutputS3Uri: string;
  readonly QueryString: string;
}

export interface RemoteDebugConfig {
  readonly EnableRemoteDebug?: Value<boolean>;
}

export interface RemoteDebugConfigAnswer {
  readonly EnableRemoteDebug: boolean;
}

export interface RepositoryAuthConfig {
  readonly RepositoryCredentialsProviderArn: Value<string>;
}

export interface RepositoryAuthConfigAnswer {
  readonly RepositoryCredentialsProviderArn: string;
}

export interface ResourceConfig {
  readonly InstanceCount?: Value<number>;
  readonly InstanceGroups?: readonly InstanceGroup[];
  readonly InstancePlacementConfig?: InstancePlacementConfig;
  readonly InstancePreferences?: readonly InstancePreference[];
  readonly InstanceType?: Value<string>;
  readonly KeepAlivePeriodInSeconds?: Value<number>;
  readonly SelectedInstanceCount?: Value<number>;
  readonly SelectedInstanceType?: Value<string>;
  readonly TrainingPlanArn?: Value<string>;
  readonly VolumeKmsKeyId?: Value<string>;
  readonly VolumeSizeInGB?: Value<number>;
}

export interface ResourceConfigAnswer {
  readonly InstanceCount: number;
  readonly InstanceGroups: readonly InstanceGroupAnswer[];
  readonly InstancePlacementConfig: InstancePlacementConfigAnswer;
  readonly InstancePreferences: readonly InstancePreferenceAnswer[];
  readonly InstanceType: string;
  readonly KeepAlivePeriodInSeconds: number;
  readonly SelectedInstanceCount: number;
  readonly SelectedInstanceType: string;
  readonly TrainingPlanArn: string;
  readonly VolumeKmsKeyId: string;
  readonly VolumeSizeInGB: number;
}

export interface ResourceLimits {
  readonly MaxNumberOfTrainingJobs?: Value<number>;
  readonly MaxParallelTrainingJobs: Value<number>;
  readonly MaxRuntimeInSeconds?: Value<number>;
}

export interface ResourceLimitsAnswer {
  readonly MaxNumberOfTrainingJobs: number;
  readonly MaxParallelTrainingJobs: number;
  readonly MaxRuntimeInSeconds: number;
}

export interface RetryStrategy {
  readonly MaximumRetryAttempts: Value<number>;
}

export interface RetryStrategyAnswer {
  readonly MaximumRetryAttempts: number;
}

export interface S3DataSource {
  readonly AttributeNames?: readonly Value<string>[];
  readonly HubAccessConfig?: HubAccessConfig;
  readonly InstanceGroupNames?: readonly Value<string>[];
  readonly ModelAccessConfig?: ModelAccessConfig;
  readonly S3DataDistributionType?: Value<string>;
  readonly S3DataType: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface S3DataSourceAnswer {
  readonly AttributeNames: readonly string[];
  readonly HubAccessConfig: HubAccessConfigAnswer;
  readonly InstanceGroupNames: readonly string[];
  readonly ModelAccessConfig: ModelAccessConfigAnswer;
  readonly S3DataDistributionType: string;
  readonly S3DataType: string;
  readonly S3Uri: string;
}

export interface S3ModelDataSource {
  readonly CompressionType: Value<string>;
  readonly ETag?: Value<string>;
  readonly HubAccessConfig?: InferenceHubAccessConfig;
  readonly ManifestEtag?: Value<string>;
  readonly ManifestS3Uri?: Value<string>;
  readonly ModelAccessConfig?: ModelAccessConfig;
  readonly S3DataType: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface S3ModelDataSourceAnswer {
  readonly CompressionType: string;
  readonly ETag: string;
  readonly HubAccessConfig: InferenceHubAccessConfigAnswer;
  readonly ManifestEtag: string;
  readonly ManifestS3Uri: string;
  readonly ModelAccessConfig: ModelAccessConfigAnswer;
  readonly S3DataType: string;
  readonly S3Uri: string;
}

export interface SecondaryStatusTransition {
  readonly EndTime: string;
  readonly StartTime: string;
  readonly Status: string;
  readonly StatusMessage: string;
}

export interface ServerlessJobConfig {
  readonly AcceptEula?: Value<boolean>;
  readonly BaseModelArn: Value<string>;
  readonly CustomizationTechnique?: Value<string>;
  readonly EvaluationType?: Value<string>;
  readonly EvaluatorArn?: Value<string>;
  readonly JobType: Value<string>;
  readonly Peft?: Value<string>;
  readonly SequenceLength?: Value<string>;
}

export interface ServerlessJobConfigAnswer {
  readonly AcceptEula: boolean;
  readonly BaseModelArn: string;
  readonly CustomizationTechnique: string;
  readonly EvaluationType: string;
  readonly EvaluatorArn: string;
  readonly JobType: string;
  readonly Peft: string;
  readonly SequenceLength: string;
}

export interface SessionChainingConfig {
  readonly EnableSessionTagChaining?: Value<boolean>;
}

export interface ShuffleConfig {
  readonly Seed: Value<number>;
}

export interface ShuffleConfigAnswer {
  readonly Seed: number;
}

export interface SourceAlgorithm {
  readonly AlgorithmName: Value<string>;
  readonly ModelDataETag?: Value<string>;
  readonly ModelDataSource?: ModelDataSource;
  readonly ModelDataUrl?: Value<string>;
}

export interface SourceAlgorithmAnswer {
  readonly AlgorithmName: string;
  readonly ModelDataETag: string;
  readonly ModelDataSource: ModelDataSourceAnswer;
  readonly ModelDataUrl: string;
}

export interface SourceAlgorithmSpecification {
  readonly SourceAlgorithms: readonly SourceAlgorithm[];
}

export interface SourceAlgorithmSpecificationAnswer {
  readonly SourceAlgorithms: readonly SourceAlgorithmAnswer[];
}

export interface StoppingCondition {
  readonly MaxPendingTimeInSeconds?: Value<number>;
  readonly MaxRuntimeInSeconds?: Value<number>;
  readonly MaxWaitTimeInSeconds?: Value<number>;
}

export interface StoppingConditionAnswer {
  readonly MaxPendingTimeInSeconds: number;
  readonly MaxRuntimeInSeconds: number;
  readonly MaxWaitTimeInSeconds: number;
}

export interface Tag {
  readonly Key: Value<string>;
  readonly Value: Value<string>;
}

export interface TensorBoardOutputConfig {
  readonly LocalPath?: Value<string>;
  readonly S3OutputPath: Value<string>;
}

export interface TensorBoardOutputConfigAnswer {
  readonly LocalPath: string;
  readonly S3OutputPath: string;
}

export interface TrainingImageConfig {
  readonly TrainingRepositoryAccessMode: Value<string>;
  readonly TrainingRepositoryAuthConfig?: TrainingRepositoryAuthConfig;
}

export interface TrainingImageConfigAnswer {
  readonly TrainingRepositoryAccessMode: string;
  readonly TrainingRepositoryAuthConfig: TrainingRepositoryAuthConfigAnswer;
}

export interface TrainingJobStatusCounters {
  readonly Completed: number;
  readonly InProgress: number;
  readonly NonRetryableError: number;
  readonly RetryableError: number;
  readonly Stopped: number;
}

export interface TrainingProgressInfo {
  readonly CurrentEpoch: number;
  readonly CurrentStep: number;
  readonly MaxEpoch: number;
  readonly TotalStepCountPerEpoch: number;
}

export interface TrainingRepositoryAuthConfig {
  readonly TrainingRepositoryCredentialsProviderArn: Value<string>;
}

export interface TrainingRepositoryAuthConfigAnswer {
  readonly TrainingRepositoryCredentialsProviderArn: string;
}

export interface TransformDataSource {
  readonly S3DataSource: TransformS3DataSource;
}

export interface TransformDataSourceAnswer {
  readonly S3DataSource: TransformS3DataSourceAnswer;
}

export interface TransformInput {
  readonly CompressionType?: Value<string>;
  readonly ContentType?: Value<string>;
  readonly DataSource: TransformDataSource;
  readonly SplitType?: Value<string>;
}

export interface TransformInputAnswer {
  readonly CompressionType: string;
  readonly ContentType: string;
  readonly DataSource: TransformDataSourceAnswer;
  readonly SplitType: string;
}

export interface TransformJobDefinition {
  readonly BatchStrategy?: Value<string>;
  readonly Environment?: Readonly<Record<string, Value<string>>>;
  readonly MaxConcurrentTransforms?: Value<number>;
  readonly MaxPayloadInMB?: Value<number>;
  readonly TransformInput: TransformInput;
  readonly TransformOutput: TransformOutput;
  readonly TransformResources: TransformResources;
}

export interface TransformJobDefinitionAnswer {
  readonly BatchStrategy: string;
  readonly Environment: Readonly<Record<string, string>>;
  readonly MaxConcurrentTransforms: number;
  readonly MaxPayloadInMB: number;
  readonly TransformInput: TransformInputAnswer;
  readonly TransformOutput: TransformOutputAnswer;
  readonly TransformResources: TransformResourcesAnswer;
}

export interface TransformOutput {
  readonly Accept?: Value<string>;
  readonly AssembleWith?: Value<string>;
  readonly KmsKeyId?: Value<string>;
  readonly S3OutputPath: Value<string>;
}

export interface TransformOutputAnswer {
  readonly Accept: string;
  readonly AssembleWith: string;
  readonly KmsKeyId: string;
  readonly S3OutputPath: string;
}

export interface TransformResources {
  readonly InstanceCount: Value<number>;
  readonly InstanceType: Value<string>;
  readonly TransformAmiVersion?: Value<string>;
  readonly VolumeKmsKeyId?: Value<string>;
}

export interface TransformResourcesAnswer {
  readonly InstanceCount: number;
  readonly InstanceType: string;
  readonly TransformAmiVersion: string;
  readonly VolumeKmsKeyId: string;
}

export interface TransformS3DataSource {
  readonly S3DataType: Value<string>;
  readonly S3Uri: Value<string>;
}

export interface TransformS3DataSourceAnswer {
  readonly S3DataType: string;
  readonly S3Uri: string;
}

export interface TuningJobCompletionCriteria {
  readonly BestObjectiveNotImproving?: BestObjectiveNotImproving;
  readonly ConvergenceDetected?: ConvergenceDetected;
  readonly TargetObjectiveMetricValue?: Value<number>;
}

export interface TuningJobCompletionCriteriaAnswer {
  readonly BestObjectiveNotImproving: BestObjectiveNotImprovingAnswer;
  readonly ConvergenceDetected: ConvergenceDetectedAnswer;
  readonly TargetObjectiveMetricValue: number;
}

export interface UserContext {
  readonly DomainId: string;
  readonly IamIdentity: IamIdentity;
  readonly UserProfileArn: string;
  readonly UserProfileName: string;
}

export interface VpcConfig {
  readonly SecurityGroupIds: readonly Value<string>[];
  readonly Subnets: readonly Value<string>[];
}

export interface VpcConfigAnswer {
  readonly SecurityGroupIds: readonly string[];
  readonly Subnets: readonly string[];
}

export interface WarmPoolStatus {
  readonly ResourceRetainedBillableTimeInSeconds: number;
  readonly ReusedByJob: string;
  readonly Status: string;
}
