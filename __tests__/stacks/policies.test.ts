import { parseTerraformJson } from '../support/parse-json';
import { checkStatement, list, type Statement } from '../support/policies/check-policy';
import { KNOWN_FINDINGS, ON_PURPOSE, type ReviewedFinding } from '../support/policies/known-findings';
import { resolveText } from '../support/policies/resolve-text';
import { type SynthesizedPolicy, synthesizedPolicies } from '../support/policies/synthesized-policies';

let documents: readonly SynthesizedPolicy[];
/** What is wrong: `policy, statement: problem`. */
let findings: readonly string[];

beforeAll(async () => {
  documents = await synthesizedPolicies();
  findings = [...new Set((await Promise.all(documents.map(findingsOf))).flat())].sort();
}, 600_000);

async function findingsOf({ policy, type, text }: SynthesizedPolicy): Promise<string[]> {
  const document = parseTerraformJson<{ Statement: Statement | Statement[] }>(text);
  const resolved = JSON.parse(resolveText(JSON.stringify(document))) as typeof document;
  const statements = Array.isArray(resolved.Statement) ? resolved.Statement : [resolved.Statement];
  const kind = type === 'aws_iam_role_policy' || type === 'aws_iam_policy' ? 'identity' : 'resource';
  const problems = await Promise.all(
    statements.map(async (statement, index) => {
      const name = statement.Sid ?? `${index + 1} (${list(statement.Action)[0] ?? ''})`;
      return (await checkStatement(statement, kind)).map((problem) => `${policy}, ${name}: ${problem}`);
    }),
  );
  return problems.flat();
}

const isAbout = (finding: string, { policy, problem }: ReviewedFinding): boolean =>
  policy.test(finding) && finding.includes(problem);

it('finds the documents of every environment and every option variant', () => {
  expect(documents.length).toBeGreaterThan(300);
  expect(new Set(documents.map(({ variant }) => variant)).size).toBeGreaterThan(20);
});

it('every statement of every policy names actions that exist, resources that fit them and keys that they have', () => {
  const reviewed = [...ON_PURPOSE, ...KNOWN_FINDINGS];
  expect(findings.filter((finding) => !reviewed.some((known) => isAbout(finding, known)))).toEqual([]);
});

it('keeps no finding on its lists that is gone', () => {
  const gone = [...ON_PURPOSE, ...KNOWN_FINDINGS].filter((known) => !findings.some((found) => isAbout(found, known)));
  expect(gone).toEqual([]);
});
