import { FileMalformedError } from "../errors.ts";
import { readZkey, SECTION } from "../keys/zkey.ts";
import { type Domain, placeDomain } from "./domain.ts";
import { fromFile, type G1, g1, type G2, g2 } from "./groups.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";
import { placeFillers, placePoints, type PlacedPoints } from "./multiscalar.ts";
import { placeRows, type Rows } from "./rows.ts";

/** A key in the kernels' memory, ready to prove with. Numbers are addresses where nothing else is said. */
export interface CircuitKey extends Domain, Rows {
  readonly signals: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  readonly alpha1: G1;
  readonly beta1: G1;
  readonly beta2: G2;
  readonly delta1: G1;
  readonly delta2: G2;
  readonly a: PlacedPoints<G1>;
  readonly b1: PlacedPoints<G1>;
  readonly b2: PlacedPoints<G2>;
  readonly c: PlacedPoints<G1>;
  readonly h: PlacedPoints<G1>;
  /** Elements, one for each signal, that the entries point to. */
  readonly witness: number;
}

/**
 * Brings a key to the kernels' memory.
 *
 * @throws FileMalformedError
 */
export function placeKey(kernels: Kernels, zkey: Uint8Array, file: string): CircuitKey {
  const { header, sections } = readZkey(zkey, file);
  const { signals, publicSignals, domainSize } = header;
  const log = Math.log2(domainSize);
  if (!Number.isInteger(log) || log < 1) throw new FileMalformedError(file, "zkey", `a domain of ${domainSize} points`);
  const section = (id: number): Uint8Array => sections.get(id)!;
  placeFillers(kernels, g1);
  placeFillers(kernels, g2);
  const witness = kernels.clear(ELEMENT_BYTES * signals);
  return {
    signals,
    publicSignals,
    domainSize,
    alpha1: fromFile(g1, header.alpha1),
    beta1: fromFile(g1, header.beta1),
    beta2: fromFile(g2, header.beta2),
    delta1: fromFile(g1, header.delta1),
    delta2: fromFile(g2, header.delta2),
    a: placePoints(kernels, g1, section(SECTION.a)),
    b1: placePoints(kernels, g1, section(SECTION.b1)),
    b2: placePoints(kernels, g2, section(SECTION.b2)),
    c: placePoints(kernels, g1, section(SECTION.c)),
    h: placePoints(kernels, g1, section(SECTION.h)),
    witness,
    ...placeDomain(kernels, log),
    ...placeRows(kernels, section(SECTION.coefficients), { signals, domainSize, witness, file }),
  };
}
