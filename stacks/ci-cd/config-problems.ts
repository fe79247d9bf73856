// Rules over several keys of the ci-cd layer's configuration. Loads no construct.
import { didYouMean } from '@strata/core/config';
import type { PipelineConfig } from './pipeline-config';
import type { SourceConfig } from './source-config';

interface Config {
  readonly pipelines: Readonly<Record<string, PipelineConfig | false | undefined>>;
  readonly source?: SourceConfig;
  readonly connections: Readonly<Record<string, unknown>>;
  readonly layerPipeline?: { readonly source?: SourceConfig };
}

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
  readonly input?: unknown;
}

const PIPELINE = /^[a-z][a-z0-9-]{0,24}$/;

/** Problems between the keys of a configuration. */
export function configProblems(config: Config): Problem[] {
  const pipelines = Object.entries(config.pipelines).filter(
    (entry): entry is [string, PipelineConfig] => entry[1] !== false && entry[1] !== undefined,
  );
  return [
    ...sourceProblems(['source'], config.source, config),
    ...sourceProblems(['layerPipeline', 'source'], config.layerPipeline?.source, config),
    ...(config.layerPipeline !== undefined && config.layerPipeline.source === undefined && config.source === undefined
      ? [
          {
            path: ['layerPipeline', 'source'],
            message: 'the pipeline has no source; set one here, or one for the whole layer',
          },
        ]
      : []),
    ...pipelines.flatMap(([name, pipeline]) =>
      [
        ...(PIPELINE.test(name)
          ? []
          : [
              {
                path: [],
                message:
                  `the name "${name}" is not allowed; use 1 to 25 lower-case letters, digits and hyphens, ` +
                  'starting with a letter',
              },
            ]),
        ...sourceProblems(['source'], pipeline.source, config),
        ...pathProblems(pipeline, config),
        ...stepProblems(pipeline),
      ].map((problem) => ({ ...problem, path: ['pipelines', name, ...problem.path] })),
    ),
  ];
}

function sourceProblems(path: string[], source: SourceConfig | undefined, { connections }: Config): Problem[] {
  const known = Object.keys(connections);
  if (source?.provider !== 'CodeConnections' || source.connection === undefined || known.includes(source.connection))
    return [];
  return [
    {
      path: [...path, 'connection'],
      input: source.connection,
      message:
        'use one of connections: ' +
        `${known.join(', ') || 'there are none yet'}${didYouMean(source.connection, known)}`,
    },
  ];
}

function pathProblems({ source, pathPatterns }: PipelineConfig, config: Config): Problem[] {
  if (pathPatterns === undefined) return [];
  if (source !== undefined)
    return [{ path: ['pathPatterns'], message: 'the pipeline has its own source; set pathPatterns there' }];
  return config.source?.tagPatterns === undefined
    ? []
    : [
        {
          path: ['pathPatterns'],
          message: "the layer's source uses tagPatterns, and a tag changes no file; leave it out",
        },
      ];
}

function stepProblems(pipeline: PipelineConfig): Problem[] {
  const unasked = (
    path: (string | number)[],
    { approval, approvalMessage }: { readonly approval: boolean; readonly approvalMessage?: string },
  ): Problem[] =>
    approvalMessage === undefined || approval
      ? []
      : [
          {
            path: [...path, 'approvalMessage'],
            message: 'no approval is requested; set approval to true, or ' + 'leave it out',
          },
        ];
  if (pipeline.kind !== 'service') return unasked([], pipeline);
  const { promoteTo } = pipeline;
  const environments = promoteTo.map(({ environment }) => environment);
  return [
    ...unasked([], pipeline),
    ...promoteTo.flatMap((step, i) => unasked(['promoteTo', i], step)),
    ...environments.flatMap((environment, i) =>
      environments.indexOf(environment) < i
        ? [
            {
              path: ['promoteTo', i, 'environment'],
              input: environment,
              message: 'is listed twice; list each environment once',
            },
          ]
        : [],
    ),
  ];
}
