import { FIELD } from "../../protocol/field.ts";
import { inverse, invertAll, mod, power, rootOfUnity } from "./modular.ts";

/**
 * Values at `tau` of Lagrange basis polynomials of the domain of `2 ** log` roots of unity: those with index
 * `start, start + step, ..`, below `2 ** log`.
 */
export function lagrangeAt(tau: bigint, log: number, start = 0, step = 1): bigint[] {
  const size = 1n << BigInt(log);
  const root = rootOfUnity(log);
  const stride = power(root, BigInt(step));
  const roots: bigint[] = [];
  for (let i = start, w = power(root, BigInt(start)); i < size; i += step, w = (w * stride) % FIELD) roots.push(w);

  // L_i(tau) = w^i (tau^n - 1) / (n (tau - w^i))
  const factor = (mod(power(tau, size) - 1n) * inverse(size)) % FIELD;
  const values = roots.map((w) => mod(tau - w));
  invertAll(values);
  return values.map((inverted, i) => (((roots[i]! * inverted) % FIELD) * factor) % FIELD);
}
