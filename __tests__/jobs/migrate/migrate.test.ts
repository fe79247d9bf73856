import { handler, ownerConnection } from '../../../jobs/migrate';
import { readMigrateSettings } from '../../../jobs/migrate/settings';

const SETTINGS = {
  host: 'db.example.com',
  port: 5432,
  database: 'jobs',
  secretArn: 'arn:aws:secretsmanager:r:1:secret:s',
  bucket: 'jobs',
};

test('the owner signs in by the secret that RDS keeps, over TLS', () => {
  const read = readMigrateSettings({ STRATA_JOBS_MIGRATE: JSON.stringify(SETTINGS) });
  expect(ownerConnection(read, '{"username":"strata_admin","password":"s\\"ecret"}')).toMatchObject({
    host: 'db.example.com',
    database: 'jobs',
    user: 'strata_admin',
    password: 's"ecret',
    ssl: { rejectUnauthorized: true },
  });
});

test('what is missing is named', () => {
  expect(() => readMigrateSettings({})).toThrow(/host: .*\n.*port: .*\n.*database: .*\n.*secretArn: .*\n.*bucket: /);
});

test.each([{ forget: {} }, { forget: { tenant: 'anna', job: 'x' } }, { forgt: { tenant: 'anna' } }, 'anna'])(
  'a payload that is not known, %j, is refused with what is allowed',
  async (payload) => {
    await expect(handler(payload)).rejects.toThrow('use {"forget":{"tenant":"<tenant>","jobId":"<job>"}}');
  },
);
