import { endpointConfigOf } from '@strata/sagemaker/rules';
import { DEPLOY_ENDPOINT_HANDLER, DEPLOY_ENDPOINT_RUNTIME, deployEndpointCode } from '@strata/sagemaker-pipeline';
import { join } from 'node:path';
import { runtimeNode } from '../../node-versions';
import type { LocalFunction } from '../pipeline/local-function';
import { local } from './local-values';
import { LOCAL_IMAGE } from './model-endpoint';

/** The function that deploys a registered model, with the variables that Terraform would give it. */
export function deployFunction(): LocalFunction {
  const [file = 'index', handler] = DEPLOY_ENDPOINT_HANDLER.split('.');
  return {
    file: join(deployEndpointCode(), `${file}.js`),
    handler,
    node: runtimeNode(DEPLOY_ENDPOINT_RUNTIME),
    environment: {
      ENDPOINT_NAME: local.endpointName,
      EXECUTION_ROLE_ARN: local.roleArn,
      INFERENCE_IMAGE_URI: LOCAL_IMAGE,
      ENDPOINT_CONFIG: JSON.stringify(endpointConfigOf(local.endpointName, { hosting: 'realtime' })),
      PROJECT: 'strata',
      ENVIRONMENT: 'local',
    },
  };
}
