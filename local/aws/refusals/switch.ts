import { type Environment, UserError } from '../../toolchain';

/** What can refuse. */
export const REFUSALS = ['models', 'rules', 'iam'] as const;
export type RefusalKind = (typeof REFUSALS)[number];

/**
 * What refuses: all, unless `STRATA_EMULATOR_REFUSALS` says otherwise.
 *
 * @param environment read for `STRATA_EMULATOR_REFUSALS`: `on`, `off`, or a list such as `models,iam`
 * @throws UserError when it says anything else
 */
export function refusalKinds(environment: Environment = process.env): ReadonlySet<RefusalKind> {
  const given = (environment.STRATA_EMULATOR_REFUSALS ?? '').trim();
  if (given === '' || given === 'on') return new Set(REFUSALS);
  if (given === 'off') return new Set();
  const named = given.split(',').map((kind) => kind.trim());
  const wrong = named.find((kind) => !(REFUSALS as readonly string[]).includes(kind));
  if (wrong !== undefined)
    throw new UserError(
      `STRATA_EMULATOR_REFUSALS is '${given}': '${wrong}' is none of ${REFUSALS.join(', ')}; ` +
        "use a list of these, 'off' for none, or unset it for all",
    );
  return new Set(named as RefusalKind[]);
}
