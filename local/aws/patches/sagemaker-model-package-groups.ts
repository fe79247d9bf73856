import { type Patch, jsonReply, parseJson } from './patch';

/** Model package groups that are deleted, and their resource policies. */
export const sagemakerModelPackageGroups: Patch = {
  service: 'sagemaker',
  operations: [
    'CreateModelPackageGroup',
    'DescribeModelPackageGroup',
    'ListModelPackageGroups',
    'DeleteModelPackageGroup',
    'PutModelPackageGroupPolicy',
    'GetModelPackageGroupPolicy',
    'DeleteModelPackageGroupPolicy',
  ],
  missing: 'answers 500 to DeleteModelPackageGroup, and to all about the policy of a group',
  why:
    'an aws_sagemaker_model_package_group could not be destroyed, nor shared with other accounts; the provider ' +
    'tries for as long as it takes',
  how:
    'remembers which groups were deleted and returns the error of AWS for them; a group that is created ' +
    'again is new in moto. Keeps policies, which allow and deny nothing',
  seenIn: '5.2.1',
  matches: ({ service, operation }) =>
    service === 'sagemaker' && sagemakerModelPackageGroups.operations.includes(operation),
  open: () => {
    const deleted = new Set<string>();
    const policies = new Map<string, string>();
    return async (request, forward) => {
      const { ModelPackageGroupName: name, ResourcePolicy: policy } = parseJson(await request.body()) as {
        ModelPackageGroupName: string;
        ResourcePolicy?: string;
      };
      const key = `${request.region}/${name}`;
      const gone = jsonReply(400, {
        __type: 'ValidationException',
        message: `ModelPackageGroup ${name} does not exist.`,
      });
      switch (request.operation) {
        case 'DeleteModelPackageGroup': {
          const known = deleted.has(key) ? gone : await forward({ operation: 'DescribeModelPackageGroup' });
          if (known.status !== 200) return known;
          deleted.add(key);
          policies.delete(key);
          return jsonReply(200, {});
        }
        case 'PutModelPackageGroupPolicy':
        case 'GetModelPackageGroupPolicy':
        case 'DeleteModelPackageGroupPolicy': {
          const group = deleted.has(key) ? gone : await forward({ operation: 'DescribeModelPackageGroup' });
          if (group.status !== 200)
            return jsonReply(400, {
              __type: 'ValidationException',
              message: `Cannot find Model Package Group: ${name}`,
            });
          if (request.operation === 'PutModelPackageGroupPolicy') {
            policies.set(key, policy ?? '');
            return jsonReply(200, {
              ModelPackageGroupArn: (parseJson(group.body) as { ModelPackageGroupArn: string }).ModelPackageGroupArn,
            });
          }
          const kept = policies.get(key);
          if (kept === undefined)
            return jsonReply(400, {
              __type: 'ValidationException',
              message: `Cannot find resource policy for: ${name}`,
            });
          if (request.operation === 'GetModelPackageGroupPolicy') return jsonReply(200, { ResourcePolicy: kept });
          policies.delete(key);
          return jsonReply(200, {});
        }
        case 'ListModelPackageGroups': {
          const reply = await forward();
          if (reply.status !== 200) return reply;
          const { ModelPackageGroupSummaryList: list, ...rest } = parseJson(reply.body) as {
            ModelPackageGroupSummaryList: { ModelPackageGroupName: string }[];
          };
          return jsonReply(200, {
            ...rest,
            ModelPackageGroupSummaryList: list.filter(
              (one) => !deleted.has(`${request.region}/${one.ModelPackageGroupName}`),
            ),
          });
        }
        case 'CreateModelPackageGroup':
          deleted.delete(key);
          return forward();
        default:
          return deleted.has(key) ? gone : forward();
      }
    };
  },
};
