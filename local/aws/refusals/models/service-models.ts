import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { ServiceModel } from './service-model';

/** Models of a signature's service name, where botocore names them otherwise or has several. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  apigateway: ['apigatewayv2', 'apigateway'],
  dynamodb: ['dynamodb', 'dynamodbstreams'],
  elasticfilesystem: ['efs'],
  elasticloadbalancing: ['elbv2', 'elb'],
  email: ['sesv2', 'ses'],
  es: ['opensearch'],
  monitoring: ['cloudwatch'],
  sagemaker: ['sagemaker', 'sagemaker-runtime'],
  states: ['stepfunctions'],
  tagging: ['resourcegroupstaggingapi'],
};

/** The models of botocore's folder, each read when it is first asked for. */
export class ServiceModels {
  readonly #loaded = new Map<string, ServiceModel | undefined>();

  /** @param folder see `botocoreData` */
  constructor(readonly folder: string) {}

  /** The models of what a signature calls a service; none for a service that botocore does not know. */
  ofSigningName(service: string): ServiceModel[] {
    return (NAMES[service] ?? [service]).map((name) => this.named(name)).filter((model) => model !== undefined);
  }

  /** A model by botocore's name. */
  named(name: string): ServiceModel | undefined {
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#read(name));
    return this.#loaded.get(name);
  }

  #read(name: string): ServiceModel | undefined {
    const versions = join(this.folder, name);
    if (!/^[a-z0-9-]+$/.test(name) || !existsSync(versions)) return undefined;
    const newest = readdirSync(versions).sort().at(-1)!;
    const file = join(versions, newest, 'service-2.json');
    const text = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
    // Most of a model is documentation, which would be kept in memory.
    const model = JSON.parse(text.toString('utf8'), (key, value: unknown) =>
      key === 'documentation' && typeof value === 'string' ? undefined : value,
    ) as Omit<ServiceModel, 'name'>;
    return { ...model, name };
  }
}
