// Takes away what SageMaker leaves in the VPC when a Studio domain is deleted, so that the network can be destroyed.
import { EC2Client } from '@aws-sdk/client-ec2';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { deleteStudioLeftover, findStudioLeftovers } from '../local/studio-leftovers';
import { runCommand } from '../local/toolchain';
import { readArguments } from './arguments';

const HELP = `Usage: npm run studio-leftovers [-- --delete]

Lists the security groups of Studio domains that are gone, which SageMaker leaves in their VPC: destroying the network
layer fails while they exist. Uses the credentials and the region of the shell.

  --delete   deletes them; those of domains that exist are left alone
`;

runCommand(async () => {
  const { values } = readArguments({ delete: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const ec2 = new EC2Client({});
  const leftovers = await findStudioLeftovers({ ec2, sagemaker: new SageMakerClient({}) });
  let failed = 0;
  for (const leftover of leftovers) {
    const what = `${leftover.groupIds.join(', ')} of the domain ${leftover.domainId} in ${leftover.vpcId}`;
    if (values.delete !== true) {
      process.stdout.write(`${what}\n`);
      continue;
    }
    try {
      await deleteStudioLeftover(ec2, leftover);
      process.stdout.write(`deleted ${what}\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(
        `could not delete ${what}: ${(error as Error).message}\n` +
          '  The home file system of a domain outlives it with retainHomeFileSystem, and its mount targets use the\n' +
          '  groups. If it is no longer needed: aws efs describe-file-systems, then delete its mount targets and the\n' +
          '  file system.\n',
      );
    }
  }
  if (leftovers.length === 0) process.stdout.write('there are none\n');
  else if (values.delete !== true) process.stdout.write('delete them: npm run studio-leftovers -- --delete\n');
  return failed > 0 || (leftovers.length > 0 && values.delete !== true) ? 1 : 0;
});
