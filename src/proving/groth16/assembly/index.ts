export { setFillers } from "./additions";
export { allocate, mark, release, wipe } from "./memory";
export { multiply, windowCount } from "./multiscalar";
export { exportPoint, importPoints } from "./points";
export { multiplyRows, unpackAll } from "./rows";
export { multiplyAll, powers, quotient, reverse, toCoefficients, toValues, twiddles } from "./transform";
export {
  mul as mulFq,
  mulDifference as mulDifferenceFq,
  mulSum as mulSumFq,
  reduce as reduceFq,
  square as squareFq,
  squareDifference as squareDifferenceFq,
} from "./fq";
export { mul as mulFr, mulSum as mulSumFr, reduce as reduceFr } from "./fr";
export { add, pack, sub, unpack } from "./lanes";
