import { rollupModule } from "../../src/deploy/rollupModule.ts";

/** The rollup whose exponent of the number of provers moves with it. */
export default rollupModule({ scorePolicy: "dynamic" });
