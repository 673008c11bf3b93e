import { FIELD } from "../../protocol/field.ts";
import { inverse, rootOfUnity } from "../keys/modular.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES, LIMBS, toElement } from "./limbs.ts";

/** What transforms over a domain of roots of unity need: addresses. */
export interface Domain {
  readonly roots: number;
  readonly inverseRoots: number;
  /** Powers of the odd coset's shift, over the domain's size, in bit-reversed order. */
  readonly coset: number;
}

/** @param log of the domain's size, at least 1 */
export function placeDomain(kernels: Kernels, log: number): Domain {
  const size = 2 ** log;
  const { functions } = kernels;
  const root = rootOfUnity(log);
  const roots = functions.allocate(ELEMENT_BYTES * size);
  const inverseRoots = functions.allocate(ELEMENT_BYTES * size);
  const coset = functions.allocate(ELEMENT_BYTES * size);
  const mark = functions.mark();
  functions.twiddles(roots, placeElement(kernels, root), size);
  functions.twiddles(inverseRoots, placeElement(kernels, inverse(root)), size);
  const factors = functions.allocate(ELEMENT_BYTES * size);
  const first = placeElement(kernels, inverse(BigInt(size)));
  functions.powers(factors, first, placeElement(kernels, rootOfUnity(log + 1)), size);
  functions.reverse(coset, factors, size);
  functions.release(mark);
  return { roots, inverseRoots, coset };
}

/** An element times R, as multiplications take it. */
function placeElement(kernels: Kernels, value: bigint): number {
  const address = kernels.functions.allocate(ELEMENT_BYTES);
  kernels.doubles(address, LIMBS).set(toElement(value, FIELD));
  return address;
}
