import { rollupModule } from "../../src/deploy/rollupModule.ts";

/** The rollup in which the fastest prover wins, the faster the more stake it has. */
export default rollupModule({ scorePolicy: "race" });
