export { setFillers } from "./additions";
export { allocate, mark, release, wipe } from "./memory";
export { multiply, windowCount } from "./multiscalar";
export { exportPoint, importPoints } from "./points";
export { multiplyRows, unpackAll } from "./rows";
export { multiplyAll, powers, quotient, reverse, toCoefficients, toValues, twiddles } from "./transform";
export {
  mul as mulFq,
  mulComplex as mulComplexFq,
  mulSum as mulSumFq,
  mulTwo as mulTwoFq,
  reduce as reduceFq,
  square as squareFq,
  squareDifference as squareDifferenceFq,
  sumX as sumXFq,
  sumY as sumYFq,
} from "./fq";
export { inverse as inverseFq } from "./inverse";
export { mul as mulFr, mulSum as mulSumFr, reduce as reduceFr } from "./fr";
export { add, pack, sub, unpack } from "./lanes";
