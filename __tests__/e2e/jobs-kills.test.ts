import { runKills } from '../../scripts/jobs-kills/run-kills';
import { motoFolder } from '../support/e2e/journey';
import { describeWithPostgres } from '../support/jobs/database';

jest.setTimeout(180_000);

describeWithPostgres('workers that are killed at random moments', () => {
  it('end each job once, with every row once, and leave nothing running', async () => {
    const PATH = [motoFolder(), process.env.PATH].filter((part) => part !== undefined).join(':');
    const result = await runKills({ jobs: 12, workers: 3, kills: 30, seed: 1, environment: { ...process.env, PATH } });
    expect(result).toMatchObject({ states: { succeeded: 12 }, wrongRows: 0, leftRunning: 0, messagesLeft: 0 });
    expect(result.claims).toBeGreaterThan(12); // some kills hit a job
  });
});
