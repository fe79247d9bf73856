// Rules that concern several keys of the compute layer's configuration. Loads no construct.
import { didYouMean } from '@strata/core/config';
import { checkFargateSize } from '@strata/ecs/rules';
import { logRetentionProblem } from '@strata/core/rules';
import { serviceName, type ServiceConfig } from './service-config';
import { ENDPOINT_NAME_VARIABLE, servicesOf, urlVariable, type Services } from './services';

interface Config extends Services {
  readonly namePrefix?: string;
  readonly logRetentionDays: number;
  readonly modelLayer?: string;
  readonly modelEndpointName?: string;
}

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
  readonly input?: unknown;
}

// A load balancer and a target group have 32 characters for prefix, service and the longest suffix, `-alb-tg`.
const MAX_NAME_LENGTH = 32 - '-alb-tg'.length;

/** What is wrong with a configuration beyond what each key says for itself. */
export function configProblems(config: Config): Problem[] {
  const names = servicesOf(config).map(([name]) => name);
  const retention = logRetentionProblem(config.logRetentionDays);
  return [
    ...(retention === undefined
      ? []
      : [{ path: ['logRetentionDays'], input: config.logRetentionDays, message: `it is ${retention}` }]),
    ...(config.modelLayer === 'required' && config.modelEndpointName !== undefined
      ? [
          {
            path: ['modelEndpointName'],
            input: config.modelEndpointName,
            message: 'the ml layer says it where modelLayer is "required"; leave it out',
          },
        ]
      : []),
    ...servicesOf(config).flatMap(([name, service]) =>
      [
        ...nameProblems(name, config.namePrefix),
        ...callerProblems(name, service, names),
        ...capacityProblems(service),
        ...sizeProblems(service),
        ...modelEndpointProblems(service),
        ...certificateProblems(service),
        ...(service.exposure === 'none' ? workerProblems(service) : []),
        ...(service.deploymentController === 'CODE_DEPLOY'
          ? blueGreenProblems(service)
          : testListenerProblems(service)),
        ...(service.rollBackOnAlarms && !service.alarms
          ? [{ path: ['rollBackOnAlarms'], message: 'there are no alarms to roll back on; set alarms to true too' }]
          : []),
      ].map((problem) => ({ ...problem, path: ['services', name, ...problem.path] })),
    ),
    ...servicesOf(config).flatMap(([name, service]) => addressProblems(name, service, config)),
  ];
}

function nameProblems(name: string, prefix: string | undefined): Problem[] {
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

function callerProblems(name: string, { callers, exposure }: ServiceConfig, names: readonly string[]): Problem[] {
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

function capacityProblems({ minCapacity, maxCapacity, desiredCount }: ServiceConfig): Problem[] {
  return [
    ...(minCapacity > maxCapacity
      ? [{ path: ['minCapacity'], input: minCapacity, message: `use at most maxCapacity, which is ${maxCapacity}` }]
      : []),
    ...(desiredCount < minCapacity || desiredCount > maxCapacity
      ? [
          {
            path: ['desiredCount'],
            input: desiredCount,
            message: `use ${minCapacity} to ${maxCapacity}, from minCapacity to maxCapacity`,
          },
        ]
      : []),
  ];
}

function sizeProblems({ cpu, memoryMiB }: ServiceConfig): Problem[] {
  const problem = checkFargateSize(cpu, memoryMiB);
  if (problem === undefined) return [];
  const [, key = 'cpu', message = problem] = /^(\w+): (.*)$/s.exec(problem) ?? [];
  return [{ path: [key], message }];
}

function workerProblems(service: ServiceConfig): Problem[] {
  const keys = ['https', 'webAclArn', 'ingressCidrs', 'requestsPerTarget'] as const;
  return keys
    .filter((key) => service[key] !== undefined)
    .map((key) => ({
      path: [key],
      message: 'a service with exposure "none" has no load balancer; leave it out, or change exposure',
    }));
}

function modelEndpointProblems({ modelEndpoint, environment, secrets }: ServiceConfig): Problem[] {
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

/** Callers are told the load balancer's own name where it has no other, which no certificate of one's own is for. */
function certificateProblems({ https, callers }: ServiceConfig): Problem[] {
  if (
    https === undefined ||
    callers.length === 0 ||
    (https.domainName !== undefined && https.hostedZoneId !== undefined)
  )
    return [];
  return [
    {
      path: ['https'],
      message: 'its callers would be told a name that certificateArn is not for; give domainName and hostedZoneId too',
    },
  ];
}

function blueGreenProblems(service: ServiceConfig): Problem[] {
  const ecsOnly = 'only the deploymentController "ECS" has it; leave it out, or change deploymentController';
  return [
    ...(service.exposure === 'none'
      ? [
          {
            path: ['deploymentController'],
            input: service.deploymentController,
            message: 'CodeDeploy shifts traffic, and a service with exposure "none" has none; use "ECS"',
          },
        ]
      : []),
    ...(service.spotPercent > 0 ? [{ path: ['spotPercent'], input: service.spotPercent, message: ecsOnly }] : []),
    ...(service.requestsPerTarget === undefined
      ? []
      : [
          {
            path: ['requestsPerTarget'],
            input: service.requestsPerTarget,
            message: 'it cannot be followed while CodeDeploy changes the target group; leave it out',
          },
        ]),
    ...(service.testListenerPort === undefined && service.testListenerCidrs.length > 0
      ? [{ path: ['testListenerCidrs'], message: 'there is no test listener; give testListenerPort too' }]
      : []),
  ];
}

function testListenerProblems(service: ServiceConfig): Problem[] {
  const given = [
    ...(service.testListenerPort === undefined ? [] : ['testListenerPort']),
    ...(service.testListenerCidrs.length > 0 ? ['testListenerCidrs'] : []),
  ];
  return given.map((key) => ({
    path: [key],
    message:
      'new tasks are shown beforehand by CodeDeploy alone; set deploymentController to "CODE_DEPLOY", or leave it out',
  }));
}

/** A variable that a caller is given must not be one it sets itself. */
function addressProblems(name: string, { callers }: ServiceConfig, config: Config): Problem[] {
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
