// What AWS allows, as data and checks without cdktf.
export {
  backlogPerWorker,
  scalingOptions,
  scalingProblems,
  type ScalingOptions,
} from './queue-processing-service/scaling-options';
