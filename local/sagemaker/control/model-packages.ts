import type {
  CreateModelPackageGroupInput,
  CreateModelPackageInput,
  DeleteModelPackageGroupInput,
  DeleteModelPackageInput,
  DescribeModelPackageGroupInput,
  DescribeModelPackageInput,
  ListModelPackageGroupsInput,
  ListModelPackagesInput,
  UpdateModelPackageInput,
} from '@aws-sdk/client-sagemaker';
import * as z from 'zod';
import { sagemakerArn } from '../account';
import { validationException } from '../aws-error';
import { now, type ModelPackageRecord, type StateFile } from '../state';
import { listPage, operation, resourceName, type Operations } from './operation';
import { tagNew } from './tags';

const approval = z.enum(['Approved', 'Rejected', 'PendingManualApproval']);
const groupArn = (name: string): string => sagemakerArn(`model-package-group/${name}`);

/** The operations of the model registry: groups, and their versions. */
export function modelPackageOperations(file: StateFile): Operations {
  const { modelPackageGroups: groups, modelPackages: packages } = file.state;

  const group = (given: string): string => {
    const name = given.startsWith('arn:')
      ? (Object.keys(groups).find((known) => groupArn(known) === given) ?? given)
      : given;
    if (groups[name] === undefined)
      throw validationException(
        `Model package group "${given.startsWith('arn:') ? given : groupArn(given)}" does not exist.`,
      );
    return name;
  };
  const describe = (record: ModelPackageRecord): object => ({
    ...record.input,
    ModelPackageName:
      record.input.ModelPackageName ?? `${record.input.ModelPackageGroupName}/${record.ModelPackageVersion}`,
    ModelPackageArn: record.ModelPackageArn,
    ModelPackageVersion: record.ModelPackageVersion,
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    ModelApprovalStatus: record.input.ModelApprovalStatus ?? 'PendingManualApproval',
    ApprovalDescription: record.ApprovalDescription,
    CreationTime: record.CreationTime,
    LastModifiedTime: record.LastModifiedTime,
  });

  return {
    CreateModelPackageGroup: operation<CreateModelPackageGroupInput>(
      { ModelPackageGroupName: resourceName },
      ({ Tags, ...input }) => {
        const { ModelPackageGroupName = '' } = input;
        if (groups[ModelPackageGroupName] !== undefined)
          throw validationException(`Model package group already exists: ${groupArn(ModelPackageGroupName)}`);
        groups[ModelPackageGroupName] = { input, CreationTime: now() };
        tagNew(file, groupArn(ModelPackageGroupName), Tags);
        file.save();
        return { ModelPackageGroupArn: groupArn(ModelPackageGroupName) };
      },
    ),
    DescribeModelPackageGroup: operation<DescribeModelPackageGroupInput>(
      { ModelPackageGroupName: z.string() },
      (input) => {
        const name = group(input.ModelPackageGroupName ?? '');
        const { input: created, CreationTime } = groups[name]!;
        return { ...created, ModelPackageGroupArn: groupArn(name), ModelPackageGroupStatus: 'Completed', CreationTime };
      },
    ),
    ListModelPackageGroups: operation<ListModelPackageGroupsInput>({}, (input) => {
      const { page, NextToken } = listPage(
        Object.entries(groups).map(([name, record]) => ({ ...record, name })),
        ({ name }) => name,
        input as object,
      );
      const ModelPackageGroupSummaryList = page.map(({ name, input: created, CreationTime }) => ({
        ModelPackageGroupName: name,
        ModelPackageGroupArn: groupArn(name),
        ModelPackageGroupDescription: created.ModelPackageGroupDescription,
        ModelPackageGroupStatus: 'Completed',
        CreationTime,
      }));
      return { ModelPackageGroupSummaryList, NextToken };
    }),
    DeleteModelPackageGroup: operation<DeleteModelPackageGroupInput>({ ModelPackageGroupName: z.string() }, (input) => {
      const name = group(input.ModelPackageGroupName ?? '');
      if (Object.values(packages).some((record) => record.input.ModelPackageGroupName === name))
        throw validationException(`Model package group "${groupArn(name)}" cannot be deleted: it has model packages.`);
      delete groups[name];
      delete file.state.tags[groupArn(name)];
      file.save();
      return {};
    }),

    CreateModelPackage: operation<CreateModelPackageInput>(
      { ModelApprovalStatus: approval.optional() },
      ({ Tags, ClientToken: _token, ...input }) => {
        const { ModelPackageGroupName, ModelPackageName } = input;
        if ((ModelPackageGroupName === undefined) === (ModelPackageName === undefined))
          throw validationException(
            'Give ModelPackageGroupName, for a version of a group, or ModelPackageName; not both and not neither',
          );
        const time = now();
        let record: ModelPackageRecord;
        if (ModelPackageGroupName !== undefined) {
          const name = group(ModelPackageGroupName);
          // A number is not used again when its version was deleted.
          const last = Math.max(
            0,
            ...Object.values(packages)
              .filter((known) => known.input.ModelPackageGroupName === name)
              .map((known) => known.ModelPackageVersion ?? 0),
          );
          const version = Math.max(last, groups[name]!.lastVersion ?? 0) + 1;
          groups[name]!.lastVersion = version;
          record = {
            input: { ...input, ModelPackageGroupName: name },
            ModelPackageArn: sagemakerArn(`model-package/${name}/${version}`),
            ModelPackageVersion: version,
            CreationTime: time,
          };
        } else {
          record = { input, ModelPackageArn: sagemakerArn(`model-package/${ModelPackageName}`), CreationTime: time };
          if (packages[record.ModelPackageArn] !== undefined)
            throw validationException(`Model package already exists: ${record.ModelPackageArn}`);
        }
        packages[record.ModelPackageArn] = record;
        tagNew(file, record.ModelPackageArn, Tags);
        file.save();
        return { ModelPackageArn: record.ModelPackageArn };
      },
    ),
    DescribeModelPackage: operation<DescribeModelPackageInput>({ ModelPackageName: z.string() }, (input) =>
      describe(findModelPackage(file, input.ModelPackageName ?? '')),
    ),
    ListModelPackages: operation<ListModelPackagesInput>({ ModelApprovalStatus: approval.optional() }, (input) => {
      const wanted = input.ModelPackageGroupName === undefined ? undefined : group(input.ModelPackageGroupName);
      const records = Object.values(packages).filter(
        (record) =>
          record.input.ModelPackageGroupName === wanted &&
          (input.ModelApprovalStatus === undefined ||
            (record.input.ModelApprovalStatus ?? 'PendingManualApproval') === input.ModelApprovalStatus),
      );
      const { page, NextToken } = listPage(records, ({ ModelPackageArn }) => ModelPackageArn, input as object);
      const ModelPackageSummaryList = page.map((record) => {
        const {
          ModelPackageName,
          ModelPackageGroupName,
          ModelPackageVersion,
          ModelPackageArn,
          ModelPackageDescription,
          CreationTime,
          ModelPackageStatus,
          ModelApprovalStatus,
        } = describe(record) as Record<string, unknown>;
        return {
          ModelPackageName,
          ModelPackageGroupName,
          ModelPackageVersion,
          ModelPackageArn,
          ModelPackageDescription,
          CreationTime,
          ModelPackageStatus,
          ModelApprovalStatus,
        };
      });
      return { ModelPackageSummaryList, NextToken };
    }),
    UpdateModelPackage: operation<UpdateModelPackageInput>(
      { ModelPackageArn: z.string(), ModelApprovalStatus: approval.optional() },
      (input) => {
        const record = findModelPackage(file, input.ModelPackageArn ?? '');
        const metadata = { ...record.input.CustomerMetadataProperties, ...input.CustomerMetadataProperties };
        for (const key of input.CustomerMetadataPropertiesToRemove ?? []) delete metadata[key];
        record.input = {
          ...record.input,
          ModelApprovalStatus: input.ModelApprovalStatus ?? record.input.ModelApprovalStatus,
          CustomerMetadataProperties: metadata,
        };
        record.ApprovalDescription = input.ApprovalDescription ?? record.ApprovalDescription;
        record.LastModifiedTime = now();
        file.save();
        return { ModelPackageArn: record.ModelPackageArn };
      },
    ),
    DeleteModelPackage: operation<DeleteModelPackageInput>({ ModelPackageName: z.string() }, (input) => {
      const { ModelPackageArn } = findModelPackage(file, input.ModelPackageName ?? '');
      delete packages[ModelPackageArn];
      delete file.state.tags[ModelPackageArn];
      file.save();
      return {};
    }),
  };
}

/** @throws AwsError when there is none of this ARN or name */
export function findModelPackage(file: StateFile, nameOrArn: string): ModelPackageRecord {
  const arn = nameOrArn.startsWith('arn:') ? nameOrArn : sagemakerArn(`model-package/${nameOrArn}`);
  const record = file.state.modelPackages[arn];
  if (record === undefined) throw validationException(`ModelPackage ${arn} does not exist.`);
  return record;
}
