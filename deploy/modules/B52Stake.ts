import { rollupModule } from "../../src/deploy/rollupModule.ts";

/** The rollup that scores with the stakes of the provers. */
export default rollupModule({ scorePolicy: "stake" });
