import { DeployProgress } from '../../../local/run/deploy-progress';

function feed(text: string, clock: { time: number } = { time: 0 }): string[] {
  const progress = new DeployProgress(['network', 'compute'], () => clock.time);
  return text.split('\n').flatMap((line) => {
    const later = /^@(\d+)$/.exec(line);
    if (later === null) return progress.line(line);
    clock.time = Number(later[1]);
    return [];
  });
}

describe('progress of a deploy', () => {
  it('says each layer in a few lines, colours and plan bodies left out', () => {
    const shown = feed(
      [
        'network  \u001b[0m\u001b[1mInitializing the backend...\u001b[0m',
        '         - Installing hashicorp/aws v5.100.0...',
        'network  Terraform will perform the following actions:',
        '           # aws_vpc.vpc will be created',
        '         \u001b[1mPlan:\u001b[0m 3 to add, 0 to change, 1 to destroy.',
        'network  aws_vpc.vpc: Creating...',
        'network  aws_vpc.vpc: Creation complete after 1s [id=vpc-1]',
        '@6000',
        '         aws_subnet.a: Creation complete after 1s [id=subnet-1]',
        '         aws_subnet.b: Creation complete after 1s [id=subnet-2]',
        '@12000',
        'network  aws_nat_gateway.n: Still creating... [10s elapsed]',
        'network  Apply complete! Resources: 3 added, 0 changed, 1 destroyed.',
        'compute  No changes. Your infrastructure matches the configuration.',
        'compute  Apply complete! Resources: 0 added, 0 changed, 0 destroyed.',
      ].join('\n'),
    );
    expect(shown).toEqual([
      '  network  preparing',
      '  network  3 to add, 0 to change, 1 to destroy',
      '  network  2 of 4: aws_subnet.a',
      '  network  3 of 4: waiting for aws_nat_gateway.n',
      '  network  done: 3 added, 0 changed, 1 destroyed',
      '  compute  no changes',
    ]);
  });

  it('shows an error whole and a warning not at all', () => {
    const progress = new DeployProgress(['network']);
    const lines = [
      'network  ╷',
      '         │ Warning: old',
      '         ╵',
      'network  ╷',
      '         │ Error: no such thing',
      '         │ ',
      '         │   on line 1',
      '         ╵',
    ];
    expect(lines.flatMap((line) => progress.line(line)).map((line) => line.trimEnd())).toEqual([
      '',
      '  network  Error: no such thing',
      '  network',
      '  network    on line 1',
      '',
    ]);
    expect(progress.hasErrors).toBe(true);
  });
});
