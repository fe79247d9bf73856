import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UserError } from '../local/toolchain';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options, P extends boolean> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: P; strict: true }>
>;

/**
 * A command's own options and words, as `util.parseArgs` reads them.
 * @throws UserError for an option that is not among them, or that lacks its value
 */
export function readArguments<const O extends Options>(
  options: O,
  { positionals = true }: { readonly positionals?: boolean } = {},
): Parsed<O, true> {
  try {
    return parseArgs({ options, allowPositionals: positionals, strict: true }) as Parsed<O, true>;
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

/** @throws UserError when the text is not a whole number above 0 */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UserError(`--${name}=${text} is not a whole number above 0`);
  return value;
}
