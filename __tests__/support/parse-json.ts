/**
 * Parses JSON text of `terraformJson`; what Terraform encodes stands in it as `<expression>`, joined text as
 * `<a>text<b>`.
 */
export function parseTerraformJson<T = Record<string, unknown>>(text: unknown): T {
  return JSON.parse(
    String(text).replaceAll(
      /\$\{jsonencode\((join\("", \[(?<parts>.*?)\]\)|(?:[^()]|\([^()]*\))*)\)\}/g,
      (_, whole: string, parts: string | undefined) =>
        JSON.stringify(
          parts === undefined
            ? `<${whole}>`
            : splitArguments(parts)
                .map((part) => (part.startsWith('"') ? (JSON.parse(part) as string) : `<${part}>`))
                .join(''),
        ),
    ),
  ) as T;
}

/** Arguments of a call: texts in quotes, and expressions without commas. */
function splitArguments(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[^",\s][^",]*/g) ?? [];
}
