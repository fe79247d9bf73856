import { phase, type Buildspec } from './buildspec';
import { requireVariables } from './shell';

/**
 * Starts a pipeline when a push changes a file that matches its path patterns. CodeCommit's events name no files, so
 * the changed files are looked up here.
 *
 * A pattern is a path with `*` (within a folder) and `**` (any folders). A new branch or tag has no previous commit and
 * always starts the pipeline. The project sets `REPOSITORY_NAME`, `PIPELINE_NAME`, `SOURCE_ACTION_NAME` and
 * `PATH_PATTERNS` (a JSON list); the event sets `COMMIT_ID` and `OLD_COMMIT_ID`.
 */
export function sourceFilterBuildspec(): Buildspec {
  const expression =
    'gsub("(?<c>[.+^$(){}|\\\\[\\\\]\\\\\\\\?])"; "\\\\\\(.c)") | gsub("\\\\*\\\\*/"; "\\u0001") | ' +
    'gsub("\\\\*\\\\*"; "\\u0002") | gsub("\\\\*"; "[^/]*") | gsub("\\u0001"; "(.*/)?") | gsub("\\u0002"; ' +
    '".*") | "^" + . + "$"';
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables(['REPOSITORY_NAME', 'PIPELINE_NAME', 'SOURCE_ACTION_NAME', 'PATH_PATTERNS', 'COMMIT_ID']),
        // EventBridge leaves a value that the event lacks empty, or leaves the template's placeholder.
        'case "$OLD_COMMIT_ID" in \'\'|*[!0-9a-f]*) echo \'{"differences":null}\' > /tmp/differences.json;; ' +
          '*) aws codecommit get-differences --repository-name "$REPOSITORY_NAME" --before-commit-specifier ' +
          '"$OLD_COMMIT_ID" ' +
          '--after-commit-specifier "$COMMIT_ID" --output json > /tmp/differences.json;; esac',
        `CHANGED="$(jq -r --argjson patterns "$PATH_PATTERNS" '[$patterns[] | ${expression}] as $patterns | ` +
          'if .differences == null then "yes" elif any(.differences[] | (.beforeBlob.path, .afterBlob.path) ' +
          '| strings; . as $path | any($patterns[]; . as $pattern | $path | test($pattern))) then "yes" else ' +
          '"no" end' +
          `' /tmp/differences.json)"`,
        'if [ "$CHANGED" = yes ]; then aws codepipeline start-pipeline-execution --name "$PIPELINE_NAME" ' +
          '--source-revisions ' +
          '"actionName=$SOURCE_ACTION_NAME,revisionType=COMMIT_ID,revisionValue=$COMMIT_ID" --output json > ' +
          '/dev/null; ' +
          'else echo "$COMMIT_ID changes nothing that $PIPELINE_NAME is about"; fi',
        '[ -n "$CHANGED" ]',
      ]),
    },
  };
}
