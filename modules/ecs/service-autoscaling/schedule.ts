/**
 * Checks a schedule in Application Auto Scaling's syntax: `cron(minute hour day month weekday year)`, `rate(n unit)` or
 * `at(local time)`. Loads no construct.
 */
export function scheduleProblem(schedule: string): string | undefined {
  const [, form, body] = /^(cron|rate|at)\((.+)\)$/.exec(schedule) ?? [];
  if (form === undefined || body === undefined)
    return 'write cron(0 8 ? * MON-FRI *), rate(12 hours) or at(2026-12-31T08:00:00)';
  if (form === 'at')
    return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body) && !Number.isNaN(Date.parse(`${body}Z`))
      ? undefined
      : 'write at(yyyy-mm-ddThh:mm:ss)';
  if (form === 'rate')
    return /^(1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))$/.test(body)
      ? undefined
      : 'write rate(1 hour) or rate(2 hours): minutes, hours or days';
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6)
    return `cron has 6 fields (minute hour day-of-month month day-of-week year), this one has ${fields.length}`;
  const wrong = fields.find((field) => !/^[0-9A-Za-z*?,/#-]+$/.test(field));
  if (wrong !== undefined) return `"${wrong}" is not a cron field; use digits, names and * ? , - / L W #`;
  return (fields[2] === '?') === (fields[4] === '?')
    ? 'give exactly one of day-of-month (third) and day-of-week (fifth) as "?"'
    : undefined;
}

/** Checks a name of the IANA time zone database. */
export function timezoneProblem(timezone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return undefined;
  } catch {
    return 'use a time zone of the IANA database, such as "Asia/Seoul" or "Etc/UTC"';
  }
}
