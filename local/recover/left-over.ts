/**
 * Which of the ARNs with a layer's tags belong to nothing that is known, by id or ARN. ECS keeps revisions and starts
 * tasks, which carry tags as well and are not to be imported.
 */
export function leftOver(arns: readonly string[], known: readonly unknown[]): string[] {
  const seen = new Set(known);
  return arns.filter((arn) => {
    if (/:(?:task-definition|task)\//.test(arn)) return false;
    return ![arn, arn.slice(arn.lastIndexOf('/') + 1), arn.slice(arn.lastIndexOf(':') + 1)].some((id) => seen.has(id));
  });
}
