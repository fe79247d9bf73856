import { type Gap, jsonReply, parseJson } from './gap';

/** Model package groups that are deleted. */
export const sagemakerModelPackageGroups: Gap = {
  service: 'sagemaker',
  operations: ['CreateModelPackageGroup', 'DescribeModelPackageGroup', 'ListModelPackageGroups', 'DeleteModelPackageGroup'],
  missing: 'answers 500 to DeleteModelPackageGroup',
  why: 'an aws_sagemaker_model_package_group could not be destroyed; the provider tries for as long as it takes',
  how: 'remembers which groups were deleted, and says of them what AWS says; a group that is made again starts anew in moto',
  seenIn: '5.2.1',
  matches: ({ service, operation }) => service === 'sagemaker' && sagemakerModelPackageGroups.operations.includes(operation),
  open: () => {
    const deleted = new Set<string>();
    return async (request, forward) => {
      const { ModelPackageGroupName: name } = parseJson(await request.body()) as { ModelPackageGroupName: string };
      const key = `${request.region}/${name}`;
      const gone = jsonReply(400, { __type: 'ValidationException', message: `ModelPackageGroup ${name} does not exist.` });
      switch (request.operation) {
        case 'DeleteModelPackageGroup': {
          const known = deleted.has(key) ? gone : await forward({ operation: 'DescribeModelPackageGroup' });
          if (known.status !== 200) return known;
          deleted.add(key);
          return jsonReply(200, {});
        }
        case 'ListModelPackageGroups': {
          const reply = await forward();
          if (reply.status !== 200) return reply;
          const { ModelPackageGroupSummaryList: list, ...rest } = parseJson(reply.body) as { ModelPackageGroupSummaryList: { ModelPackageGroupName: string }[] };
          return jsonReply(200, { ...rest, ModelPackageGroupSummaryList: list.filter((one) => !deleted.has(`${request.region}/${one.ModelPackageGroupName}`)) });
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
