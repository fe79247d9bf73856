import { BACKENDS, LAYERS, MOMENTS, type CaseResult, type KillTestResults } from './case';

/** The results as a page: a row for each case, those that were not run yet as well. */
export function document({ date, versions, cases }: KillTestResults): string {
  const recovered = cases.filter(({ outcome }) => outcome === 'recovered').length;
  const total = BACKENDS.length * LAYERS.length * MOMENTS.length;
  const rows = BACKENDS.flatMap((backend) =>
    LAYERS.flatMap((layer) =>
      MOMENTS.map((moment) => {
        const is = (one: CaseResult): boolean =>
          one.backend === backend && one.layer === layer && one.moment === moment;
        const found = cases.find(is);
        return found === undefined
          ? `| ${backend} | ${layer} | ${moment} % | | | | | | not run yet |`
          : `| ${backend} | ${layer} | ${moment} % | ${found.calls} | ${found.saved} | ${found.imported} | ${found.lock ? 'yes' : 'no'} | ${found.seconds} s | ${cell(found.outcome)} |`;
      }),
    ),
  );
  return `# Killed deploys

\`npm run kill-test\` writes this page. It kills first deploys with SIGKILL at five moments, with local state and with
state in S3, and recovers each by nothing but \`npm run recover\` and \`cdktf deploy\`
([how](state.md#after-a-deploy-was-killed)). The kill comes when AWS has made a resource and Terraform has not yet been
told. A case is recovered when the deploy succeeds and the next plan is empty.

${recovered} of ${total} cases recovered, ${total - cases.length} not run yet. ${date}, Terraform ${versions.terraform}, AWS provider ${versions.provider}, moto ${versions.moto}.

| state | layer | killed after | calls made | in the state | imported | lock left | recovery took | outcome |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

"Killed after" is the share of the layer's resources. "Calls made" are calls that make something; a resource may take
several. With S3, Terraform saves every 20 seconds, so a deploy that is killed early leaves no state. A local state with
nothing in it was being written when Terraform was killed.
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
