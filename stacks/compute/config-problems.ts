// Rules over several keys of the compute layer's configuration. Loads no construct.
import { didYouMean } from '@strata/core/config';
import type { OptionProblem } from '@strata/core/rules';
import { executeCommandProblems, type ExecuteCommandOptions } from '@strata/ecs/rules';
import { serviceProblems } from '@strata/ecs-patterns/rules';
import { constructOptions, serviceName, type ServiceConfig } from './service-config';
import { ENDPOINT_NAME_VARIABLE, JOBS_VARIABLES, servicesOf, urlVariable, type Services } from './services';

interface Config extends Services, ExecuteCommandOptions {
  readonly importCluster: boolean;
  readonly alarmTopicArn?: string;
  readonly alarmEmailAddresses: readonly string[];
  readonly namePrefix?: string;
  readonly dualStack: boolean;
  readonly modelLayer?: string;
  readonly modelEndpointName?: string;
}

// A load balancer and a target group have 32 characters for prefix, service and the longest suffix, `-alb-tg`.
const MAX_NAME_LENGTH = 32 - '-alb-tg'.length;

/** Problems between the keys of a configuration. */
export function configProblems(config: Config): OptionProblem[] {
  const names = servicesOf(config).map(([name]) => name);
  return [
    ...executeCommandProblems(config),
    ...(config.alarmTopicArn !== undefined && config.alarmEmailAddresses.length > 0
      ? [
          {
            path: ['alarmEmailAddresses'],
            message: 'they are subscribed to a topic created here; subscribe them where alarmTopicArn is created',
          },
        ]
      : []),
    ...(config.importCluster && config.executeCommandLogging !== undefined
      ? [{ path: ['executeCommandLogging'], message: 'leave it out with importCluster, the cluster has its own' }]
      : []),
    ...(config.modelLayer === 'required' && config.modelEndpointName !== undefined
      ? [
          {
            path: ['modelEndpointName'],
            input: config.modelEndpointName,
            message: 'with modelLayer "required" the name comes from the ml layer; leave it out',
          },
        ]
      : []),
    ...servicesOf(config).flatMap(([name, service]) =>
      [
        ...nameProblems(name, config.namePrefix),
        ...callerProblems(name, service, names),
        ...serviceProblems({ ...constructOptions(service), dualStack: config.dualStack, containerName: name }),
        ...modelEndpointProblems(service),
        ...jobsProblems(service),
        ...certificateProblems(service),
      ].map((problem) => ({ ...problem, path: ['services', name, ...problem.path] })),
    ),
    ...servicesOf(config).flatMap(([name, service]) => addressProblems(name, service, config)),
  ];
}

function nameProblems(name: string, prefix: string | undefined): OptionProblem[] {
  const pattern = serviceName.safeParse(name);
  if (!pattern.success)
    return [{ path: [], message: `the name "${name}" is not allowed; ${pattern.error.issues[0]!.message}` }];
  const length = name.length + (prefix === undefined ? 0 : prefix.length + 1);
  if (length <= MAX_NAME_LENGTH) return [];
  return [
    {
      path: [],
      message:
        `its name${prefix === undefined ? '' : ' with namePrefix'} has ${length} characters, a load balancer's ` +
        `allows ${MAX_NAME_LENGTH}; shorten it by ${length - MAX_NAME_LENGTH}`,
    },
  ];
}

function callerProblems(name: string, { callers, exposure }: ServiceConfig, names: readonly string[]): OptionProblem[] {
  const others = names.filter((other) => other !== name);
  return [
    ...callers.flatMap((caller, index) =>
      others.includes(caller)
        ? []
        : [
            {
              path: ['callers', index],
              input: caller,
              message: `use another service of this layer: ${others.join(', ')}${didYouMean(caller, others)}`,
            },
          ],
    ),
    ...(callers.length > 0 && exposure !== 'internal'
      ? [
          {
            path: ['callers'],
            message:
              `only an internal service has callers, this one's exposure is "${exposure}"; change one of the ` + 'two',
          },
        ]
      : []),
  ];
}

function modelEndpointProblems({ modelEndpoint, environment, secrets }: ServiceConfig): OptionProblem[] {
  if (!modelEndpoint) return [];
  return (
    [
      ['environment', environment],
      ['secrets', secrets],
    ] as const
  )
    .filter(([, given]) => ENDPOINT_NAME_VARIABLE in given)
    .map(([key]) => ({
      path: [key, ENDPOINT_NAME_VARIABLE],
      message:
        "it is the name of the model's endpoint, from the ml layer or modelEndpointName; remove it here, or " +
        'set modelEndpoint to false',
    }));
}

function jobsProblems(service: ServiceConfig): OptionProblem[] {
  return (['submitsJobs', 'uploadsJobFiles'] as const)
    .filter((option) => service[option])
    .flatMap((option) =>
      JOBS_VARIABLES[option].flatMap((variable) =>
        (['environment', 'secrets'] as const)
          .filter((key) => variable in service[key])
          .map((key) => ({
            path: [key, variable],
            message: `it comes from the jobs layer; remove it here, or set ${option} to false`,
          })),
      ),
    );
}

/** Callers are told the load balancer's own name where it has no other, which no certificate of one's own is for. */
function certificateProblems({ https, callers }: ServiceConfig): OptionProblem[] {
  if (
    https === undefined ||
    callers.length === 0 ||
    (https.domainName !== undefined && https.hostedZoneId !== undefined)
  )
    return [];
  return [
    {
      path: ['https'],
      message: 'callers would get a host name that certificateArn does not cover; set domainName and hostedZoneId too',
    },
  ];
}

/** A variable that a caller is given must not be one it sets itself. */
function addressProblems(name: string, { callers }: ServiceConfig, config: Config): OptionProblem[] {
  const variable = urlVariable(name);
  const setByHand = [...new Set(callers)].filter((caller) => {
    const service = config.services[caller];
    return (
      service !== undefined && service !== false && (variable in service.environment || variable in service.secrets)
    );
  });
  return setByHand.map((caller) => ({
    path: ['services', caller, 'environment', variable],
    message:
      `"${caller}" calls "${name}" and gets its address in this variable; remove it here, or remove ` +
      `"${caller}" from the callers of "${name}"`,
  }));
}
