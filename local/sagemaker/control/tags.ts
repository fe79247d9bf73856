import type { AddTagsInput, DeleteTagsInput, ListTagsInput, Tag } from '@aws-sdk/client-sagemaker';
import * as z from 'zod';
import type { StateFile } from '../state';
import { operation, type Operations } from './operation';

/** AddTags, ListTags, DeleteTags. */
export function tagOperations(file: StateFile): Operations {
  const { tags } = file.state;
  const arn = { ResourceArn: z.string().min(1) };
  return {
    AddTags: operation<AddTagsInput>(
      { ...arn, Tags: z.array(z.looseObject({ Key: z.string(), Value: z.string() })) },
      ({ ResourceArn = '', Tags = [] }) => {
        const byKey = new Map([...(tags[ResourceArn] ?? []), ...Tags].map((tag) => [tag.Key, tag]));
        tags[ResourceArn] = [...byKey.values()];
        file.save();
        return { Tags: tags[ResourceArn] };
      },
    ),
    ListTags: operation<ListTagsInput>(arn, ({ ResourceArn = '' }) => ({ Tags: tags[ResourceArn] ?? [] })),
    DeleteTags: operation<DeleteTagsInput>(
      { ...arn, TagKeys: z.array(z.string()) },
      ({ ResourceArn = '', TagKeys = [] }) => {
        tags[ResourceArn] = (tags[ResourceArn] ?? []).filter(({ Key }) => !TagKeys.includes(Key ?? ''));
        file.save();
        return {};
      },
    ),
  };
}

/** Keeps the tags that a resource was created with. */
export function tagNew(file: StateFile, arn: string, tags: readonly Tag[] | undefined): void {
  if (tags !== undefined && tags.length > 0) file.state.tags[arn] = [...tags];
}
