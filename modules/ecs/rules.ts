// What AWS allows, as data and checks without cdktf.
export { checkFargateSize, FARGATE_SIZES } from './fargate-service/fargate-sizes';
