import { phase, type Buildspec } from './buildspec';
import { fail, requireVariables } from './shell';

/**
 * Requests the deployed URL until it responds with the expected status, up to `ATTEMPTS` times. The project sets `URL`,
 * `EXPECTED_STATUS`, `ATTEMPTS` and `INTERVAL_SECONDS`; `EXPECTED_TEXT`, unless empty, must be in the response.
 */
export function smokeTestBuildspec(): Buildspec {
  const ask =
    'STATUS="$(curl --silent --show-error --max-time 10 --output /tmp/answer --write-out "%{http_code}" "$URL")"';
  const fits =
    '[ "$STATUS" = "$EXPECTED_STATUS" ] && { [ -z "$EXPECTED_TEXT" ] || grep -qF -e "$EXPECTED_TEXT" /tmp/answer; }';
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables(['URL', 'EXPECTED_STATUS', 'ATTEMPTS', 'INTERVAL_SECONDS']),
        'ATTEMPT=0; PASSED=; while [ -z "$PASSED" ] && [ "$ATTEMPT" -lt "$ATTEMPTS" ]; do ATTEMPT=$((ATTEMPT ' +
          `+ 1)); : > /tmp/answer; ${ask}; ` +
          `echo "attempt $ATTEMPT of $ATTEMPTS: $URL answered $STATUS"; if ${fits}; then PASSED=yes; elif [ ` +
          '"$ATTEMPT" -lt "$ATTEMPTS" ]; then sleep "$INTERVAL_SECONDS"; fi; done',
        '[ -n "$PASSED" ] || { head -c 2000 /tmp/answer >&2; ' +
          `${fail('$URL did not answer $EXPECTED_STATUS${EXPECTED_TEXT:+ with \\"$EXPECTED_TEXT\\"}; the last answer was $STATUS')}; ` +
          '}',
      ]),
    },
  };
}
