import { isResolved, type NameRule, type Problems } from '@strata/core';

/** Rule for a repository's name, from 2 characters: `CreateRepository` in the Amazon ECR API reference. */
export const REPOSITORY_NAME: NameRule = {
  what: 'repository name',
  maxLength: 256,
  pattern: /^(?=..)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
  allowed: '2 or more lower-case letters and digits, with single . _ - / between them',
};

/**
 * Rule for the prefix of cached repositories, from 2 characters: `CreatePullThroughCacheRule` in the Amazon ECR API
 * reference.
 */
export const REPOSITORY_PREFIX: NameRule = { ...REPOSITORY_NAME, what: 'repository prefix', maxLength: 30 };

/** Checks an AWS account id; tokens are skipped. */
export function checkAccountId(problems: Problems, key: string, accountId: string | undefined): void {
  if (!isResolved(accountId)) return;
  problems.check(
    /^\d{12}$/.test(accountId),
    `${key}: "${accountId}" is not an AWS account id; use 12 digits, as a string`,
  );
}

/** Checks a list of account ids: each valid, and listed once. */
export function checkAccountIds(problems: Problems, key: string, accountIds: readonly string[] | undefined): void {
  accountIds?.forEach((accountId, i) => {
    checkAccountId(problems, `${key}[${i}]`, accountId);
    problems.check(accountIds.indexOf(accountId) === i, `${key}[${i}]: "${accountId}" is listed twice; remove one`);
  });
}
