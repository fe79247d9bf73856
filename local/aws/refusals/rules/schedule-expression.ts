/** Whether EventBridge reads a text as a schedule: `rate(5 minutes)`, `cron(0 3 ? * MON *)` or `at(2026-01-01T00:00:00)`. */
export function isSchedule(expression: string): boolean {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate !== null) return Number(rate[1]) > 0 && (rate[1] === '1') === (rate[3] === '');
  if (/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/.test(expression)) return true;
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  if (fields.length !== 6 || !fields.every((field) => /^[A-Za-z0-9*?,/#-]+$/.test(field))) return false;
  return [fields[2], fields[4]].filter((field) => field === '?').length === 1;
}
