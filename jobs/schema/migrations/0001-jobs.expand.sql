-- Jobs, what happened to them, and the rows that they made. Every reader and writer names its tenant by
-- SET LOCAL app.tenant; row-level security holds it to that tenant's rows.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'strata_worker') THEN CREATE ROLE strata_worker LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'strata_submitter') THEN CREATE ROLE strata_submitter LOGIN; END IF;
  -- On RDS both sign in with IAM tokens; elsewhere the role does not exist.
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN GRANT rds_iam TO strata_worker, strata_submitter; END IF;
END $$;

CREATE FUNCTION current_tenant() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant', true), '') $$;

CREATE TABLE job (
  job_id          text PRIMARY KEY,
  tenant          text NOT NULL DEFAULT current_tenant(),
  idempotency_key text NOT NULL,
  body_sha256     text NOT NULL,
  kind            text NOT NULL,
  state           text NOT NULL DEFAULT 'queued'
                  CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- The fence: the number of claims so far. What a claim writes, it writes under its number.
  attempt         integer NOT NULL DEFAULT 0,
  -- Failures of the program in this series; a crash of the worker is counted by the queue.
  failures        integer NOT NULL DEFAULT 0,
  worker          text,
  lease_until     timestamptz,
  parameters      jsonb NOT NULL DEFAULT '{}',
  progress        real,
  progress_note   text,
  checkpoint      jsonb,
  input_bucket    text NOT NULL,
  input_key       text NOT NULL,
  input_etag      text NOT NULL,
  result_prefix   text,
  result_rows     bigint,
  summary         jsonb,
  error_code      text,
  error_message   text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  sent_at         timestamptz,
  claimed_at      timestamptz,
  finished_at     timestamptz,
  notified_at     timestamptz,
  UNIQUE (tenant, idempotency_key)
);
CREATE INDEX job_by_tenant ON job (tenant, created_at DESC, job_id);
CREATE INDEX job_waiting ON job (tenant) WHERE state IN ('queued', 'running');

CREATE TABLE job_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id   text NOT NULL REFERENCES job ON DELETE CASCADE,
  tenant   text NOT NULL DEFAULT current_tenant(),
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempt  integer NOT NULL,
  what     text NOT NULL,
  detail   text
);
CREATE INDEX job_event_by_job ON job_event (job_id, event_id);

-- One partition for each month in which jobs were created, so that old results go by DROP TABLE.
CREATE TABLE result_row (
  month   date NOT NULL,
  job_id  text NOT NULL,
  attempt integer NOT NULL,
  row_no  bigint NOT NULL,
  tenant  text NOT NULL DEFAULT current_tenant(),
  data    jsonb NOT NULL,
  PRIMARY KEY (month, job_id, attempt, row_no)
) PARTITION BY RANGE (month);

ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE result_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON job USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
CREATE POLICY tenant_only ON job_event USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
CREATE POLICY tenant_only ON result_row USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

GRANT SELECT, INSERT, UPDATE ON job TO strata_submitter;
GRANT SELECT, INSERT ON job_event TO strata_submitter, strata_worker;
GRANT SELECT ON result_row TO strata_submitter;
GRANT SELECT, UPDATE ON job TO strata_worker;

-- PostgreSQL refuses COPY FROM into a table with row-level security
-- (https://www.postgresql.org/docs/current/sql-copy.html), so workers copy into the partition. There they can write
-- all columns but the tenant, whose default is the session's, and read nothing.
CREATE FUNCTION result_partition(of_month date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
  SET search_path FROM CURRENT AS $$
DECLARE
  first_day date := date_trunc('month', of_month)::date;
  partition text := 'result_row_' || to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext('strata.result_partition'));
    IF to_regclass(partition) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF result_row FOR VALUES FROM (%L) TO (%L)',
        partition, first_day, first_day + interval '1 month');
      EXECUTE format('GRANT INSERT (month, job_id, attempt, row_no, data) ON %I TO strata_worker', partition);
    END IF;
  END IF;
  RETURN partition;
END $$;
REVOKE ALL ON FUNCTION result_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION result_partition(date) TO strata_worker;
