/**
 * How many times longer than usual a journey may take: STRATA_TEST_PATIENCE, for a machine that is busy with other
 * things.
 */
export const patience = Math.max(1, Number(process.env.STRATA_TEST_PATIENCE ?? '1') || 1);
