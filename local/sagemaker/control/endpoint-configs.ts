import type {
  CreateEndpointConfigInput,
  DeleteEndpointConfigInput,
  DescribeEndpointConfigInput,
  ListEndpointConfigsInput,
  ProductionVariant,
} from '@aws-sdk/client-sagemaker';
import * as z from 'zod';
import { sagemakerArn } from '../account';
import { validationException } from '../aws-error';
import { now, type StateFile } from '../state';
import { listPage, operation, resourceName, type Operations } from './operation';
import { tagNew } from './tags';

const variant = z.looseObject({
  VariantName: resourceName,
  ModelName: resourceName,
  InitialVariantWeight: z.number().min(0).optional(),
  InitialInstanceCount: z.number().int().min(0).optional(),
});

export const endpointConfigArn = (name: string): string => sagemakerArn(`endpoint-config/${name}`);

/** CreateEndpointConfig, DescribeEndpointConfig, DeleteEndpointConfig, ListEndpointConfigs. */
export function endpointConfigOperations(file: StateFile): Operations {
  const { endpointConfigs: configs } = file.state;
  const named = { EndpointConfigName: resourceName };
  const require = (name: string) => {
    const config = configs[name];
    if (config === undefined)
      throw validationException(`Could not find endpoint configuration "${endpointConfigArn(name)}".`);
    return config;
  };
  return {
    CreateEndpointConfig: operation<CreateEndpointConfigInput>(
      {
        ...named,
        ProductionVariants: z.array(variant).min(1).max(10),
        ShadowProductionVariants: z.array(variant).max(10).optional(),
      },
      ({ Tags, ...input }) => {
        const name = input.EndpointConfigName ?? '';
        if (configs[name] !== undefined)
          throw validationException(
            `Cannot create already existing endpoint configuration "${endpointConfigArn(name)}".`,
          );
        checkVariants(file, input);
        configs[name] = { input, CreationTime: now() };
        tagNew(file, endpointConfigArn(name), Tags);
        file.save();
        return { EndpointConfigArn: endpointConfigArn(name) };
      },
    ),
    DescribeEndpointConfig: operation<DescribeEndpointConfigInput>(named, ({ EndpointConfigName = '' }) => {
      const { input, CreationTime } = require(EndpointConfigName);
      return { ...input, EndpointConfigArn: endpointConfigArn(EndpointConfigName), CreationTime };
    }),
    DeleteEndpointConfig: operation<DeleteEndpointConfigInput>(named, ({ EndpointConfigName = '' }) => {
      require(EndpointConfigName);
      delete configs[EndpointConfigName];
      delete file.state.tags[endpointConfigArn(EndpointConfigName)];
      file.save();
      return {};
    }),
    ListEndpointConfigs: operation<ListEndpointConfigsInput>({}, (input) => {
      const { page, NextToken } = listPage(
        Object.entries(configs).map(([name, record]) => ({ ...record, name })),
        ({ name }) => name,
        input as object,
      );
      return {
        EndpointConfigs: page.map(({ name, CreationTime }) => ({
          EndpointConfigName: name,
          EndpointConfigArn: endpointConfigArn(name),
          CreationTime,
        })),
        NextToken,
      };
    }),
  };
}

/** SageMaker's own rules for the variants of a configuration. */
function checkVariants(file: StateFile, input: CreateEndpointConfigInput): void {
  const { ProductionVariants = [], ShadowProductionVariants = [] } = input;
  const all = [...ProductionVariants, ...ShadowProductionVariants];
  const names = all.map(({ VariantName }) => VariantName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw validationException(`Variant name "${twice}" is used more than once; each variant needs its own name.`);
  if (
    ShadowProductionVariants.length > 0 &&
    (ProductionVariants.length !== 1 || ShadowProductionVariants.length !== 1)
  ) {
    throw validationException(
      'With ShadowProductionVariants, give exactly one production variant and one shadow variant.',
    );
  }
  for (const { VariantName, ModelName = '', ...rest } of all) {
    if (file.state.models[ModelName] === undefined)
      throw validationException(`Could not find model "${sagemakerArn(`model/${ModelName}`)}".`);
    checkCapacity(VariantName ?? '', rest);
  }
}

function checkCapacity(name: string, variant: Omit<ProductionVariant, 'VariantName' | 'ModelName'>): void {
  const serverless = variant.ServerlessConfig !== undefined;
  if (serverless && (variant.InstanceType !== undefined || variant.InitialInstanceCount !== undefined)) {
    throw validationException(
      `Variant "${name}" has a ServerlessConfig and an instance type or count; give one or the other.`,
    );
  }
  if (!serverless && variant.InstanceType === undefined && variant.InstancePools === undefined) {
    throw validationException(
      `Variant "${name}" has neither an InstanceType nor a ServerlessConfig; give one of them.`,
    );
  }
  if (!serverless && variant.InitialInstanceCount === undefined && variant.ManagedInstanceScaling === undefined) {
    throw validationException(`Variant "${name}" has no InitialInstanceCount; give the number of instances.`);
  }
}
