import { type Forward, type Patch, jsonReply, parseJson, type Reply } from './patch';

type Attributes = Record<string, unknown>;

/**
 * A kind of resource that is kept here: which member of a request names it, what its ARN ends with, what AWS says of
 * one that is missing, and what it adds.
 */
interface Kind {
  readonly noun: string;
  readonly idOf: (input: Attributes) => string;
  readonly arnMember: string;
  readonly arnEnd: (id: string, input: Attributes) => string;
  readonly notFound: (arn: string) => { readonly __type: string; readonly message: string };
  readonly described: (input: Attributes, kept: Kept) => Attributes;
  /** What the answer to Create holds besides the ARN. */
  readonly created?: (id: string, region: string) => Attributes;
}

interface Kept {
  readonly kind: Kind;
  readonly id: string;
  readonly arn: string;
  readonly region: string;
  readonly createdAt: number;
  given: Attributes;
  tags: Tag[];
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const ACCOUNT = '123456789012';
const missing = (what: string) => (arn: string) => ({
  __type: 'ValidationException',
  message: `Could not find ${what} "${arn}".`,
});
const notFound = (what: string) => (arn: string) => ({
  __type: 'ResourceNotFound',
  message: `${what} [${arn}] does not exist.`,
});
const domainId = (name: unknown) =>
  `d-${String(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 12)}`;

const KINDS: readonly Kind[] = [
  {
    noun: 'Model',
    idOf: ({ ModelName }) => String(ModelName),
    arnMember: 'ModelArn',
    arnEnd: (id) => `model/${id.toLowerCase()}`,
    notFound: missing('model'),
    described: (given) => ({
      EnableNetworkIsolation: false,
      ...given,
      PrimaryContainer: withMode(given.PrimaryContainer),
    }),
  },
  {
    noun: 'EndpointConfig',
    idOf: ({ EndpointConfigName }) => String(EndpointConfigName),
    arnMember: 'EndpointConfigArn',
    arnEnd: (id) => `endpoint-config/${id.toLowerCase()}`,
    notFound: missing('endpoint configuration'),
    described: (given) => given,
  },
  {
    noun: 'Endpoint',
    idOf: ({ EndpointName }) => String(EndpointName),
    arnMember: 'EndpointArn',
    arnEnd: (id) => `endpoint/${id.toLowerCase()}`,
    notFound: missing('endpoint'),
    described: ({ DeploymentConfig, ...given }) => ({
      ...given,
      EndpointStatus: 'InService',
      LastDeploymentConfig: DeploymentConfig,
    }),
  },
  {
    noun: 'Domain',
    idOf: ({ DomainId, DomainName }) => String(DomainId ?? domainId(DomainName)),
    arnMember: 'DomainArn',
    arnEnd: (id) => `domain/${id}`,
    notFound: notFound('Domain'),
    created: (id, region) => ({ DomainId: id, Url: `https://${id}.studio.${region}.sagemaker.aws` }),
    described: (given, { id, region }) => ({
      AppNetworkAccessType: 'PublicInternetOnly',
      TagPropagation: 'DISABLED',
      ...given,
      DomainId: id,
      Status: 'InService',
      HomeEfsFileSystemId: `fs-${id.slice(2)}`,
      Url: `https://${id}.studio.${region}.sagemaker.aws`,
    }),
  },
  {
    noun: 'UserProfile',
    idOf: ({ DomainId, UserProfileName }) => `${String(DomainId)}/${String(UserProfileName)}`,
    arnMember: 'UserProfileArn',
    arnEnd: (id) => `user-profile/${id}`,
    notFound: notFound('UserProfile'),
    described: (given) => ({ ...given, Status: 'InService', HomeEfsFileSystemUid: '200005' }),
  },
];

const OPERATIONS = new Map(
  KINDS.flatMap((kind) =>
    ['Create', 'Describe', 'Update', 'Delete', 'List'].map(
      (verb) => [`${verb}${kind.noun}${verb === 'List' ? 's' : ''}`, { verb, kind }] as const,
    ),
  ).filter(([operation]) => !['UpdateModel', 'UpdateEndpointConfig'].includes(operation)),
);
const TAG_OPERATIONS = ['ListTags', 'AddTags', 'DeleteTags'];

/** Models, endpoint configurations, endpoints, Studio domains and their user profiles. */
export const sagemakerHostingAndStudio: Patch = {
  service: 'sagemaker',
  operations: [...OPERATIONS.keys(), ...TAG_OPERATIONS],
  missing:
    'has no UpdateEndpoint, UpdateDomain and user profiles; gives no DomainId; forgets most of an endpoint ' +
    'configuration (shadow variants, role, VPC), and refuses ' +
    'instance types of the last years',
  why:
    'aws_sagemaker_domain could not be made, aws_sagemaker_endpoint not be changed, and ' +
    'aws_sagemaker_endpoint_configuration would be replaced by every plan',
  how:
    'keeps these resources itself, as they were set, with their tags; everything is in service ' +
    'immediately. Tags of any other resource are passed on',
  seenIn: '5.2.1',
  matches: ({ service, operation }) =>
    service === 'sagemaker' && (OPERATIONS.has(operation) || TAG_OPERATIONS.includes(operation)),
  open: () => {
    const kept = new Map<string, Kept>();
    return async (request, forward) => {
      const input = parseJson(await request.body());
      const found = OPERATIONS.get(request.operation);
      if (found === undefined) return tagsOf(kept, request.operation, input, forward);
      const { verb, kind } = found;
      if (verb === 'List')
        return jsonReply(200, {
          [`${kind.noun}s`]: [...kept.values()].filter((one) => one.kind === kind).map(described),
        });
      const id = kind.idOf(input);
      const arn = `arn:aws:sagemaker:${request.region}:${ACCOUNT}:${kind.arnEnd(id, input)}`;
      const one = kept.get(arn);
      if (verb === 'Create') {
        if (one !== undefined)
          return jsonReply(400, {
            __type: 'ValidationException',
            message: `Cannot create already existing ${kind.noun} "${arn}".`,
          });
        const { Tags = [], ...given } = input;
        kept.set(arn, {
          kind,
          id,
          arn,
          region: request.region,
          createdAt: Date.now() / 1000,
          given,
          tags: Tags as Tag[],
        });
        return jsonReply(200, { [kind.arnMember]: arn, ...kind.created?.(id, request.region) });
      }
      if (one === undefined) return jsonReply(400, kind.notFound(arn));
      switch (verb) {
        case 'Describe':
          return jsonReply(200, described(one));
        case 'Update':
          one.given = { ...one.given, ...input };
          return jsonReply(200, { [kind.arnMember]: arn });
        default:
          kept.delete(arn);
          return jsonReply(200, {});
      }
    };
  },
};

function described(one: Kept): Attributes {
  return {
    [one.kind.arnMember]: one.arn,
    CreationTime: one.createdAt,
    LastModifiedTime: one.createdAt,
    ...one.kind.described(one.given, one),
  };
}

function withMode(container: unknown): unknown {
  return container === undefined || container === null
    ? undefined
    : { Mode: 'SingleModel', ...(container as Attributes) };
}

function tagsOf(
  kept: ReadonlyMap<string, Kept>,
  operation: string,
  input: Attributes,
  forward: Forward,
): Promise<Reply> | Reply {
  const one = kept.get(String(input.ResourceArn));
  if (one === undefined) return forward();
  const added = (input.Tags ?? []) as Tag[];
  const removed = new Set([...((input.TagKeys ?? []) as string[]), ...added.map(({ Key }) => Key)]);
  if (operation !== 'ListTags') one.tags = [...one.tags.filter(({ Key }) => !removed.has(Key)), ...added];
  return jsonReply(200, operation === 'DeleteTags' ? {} : { Tags: one.tags });
}
