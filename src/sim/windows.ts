import { type Economics, economicsOf, leastDelays } from "../deploy/economics.ts";
import type { Forest } from "../protocol/nodes.ts";

/** Seconds. A chain whose clock can be moved waits for nobody, so its windows suit the slowest machine. */
const PATIENT = { proposalWindow: 600, acceptanceWindow: 7_200 };
const REAL_TIME = { proposalWindow: 30, acceptanceWindow: 480 };

/**
 * Economics for blocks with real proofs. Delays are as short as the windows let them be, where somebody has to wait for
 * them.
 * @param canTravel whether the clock of the chain is moved by hand
 */
export function economicsFor(
  { canTravel }: { readonly canTravel: boolean },
  forest: Forest,
  changes: Partial<Economics> = {},
): Economics {
  const economics: Economics = { ...economicsOf(forest), ...(canTravel ? PATIENT : REAL_TIME), ...changes };
  const { exitDelay, escapeDelay } = leastDelays(economics);
  return { ...economics, exitDelay, escapeDelay: canTravel ? economics.escapeDelay : escapeDelay };
}
