import { rollupModule } from "../../src/deploy/rollupModule.ts";

/**
 * The rollup that scores with `N^3 B^2` and pays provers by block. A deployment with other policies is another module,
 * made the same way.
 */
export default rollupModule({ scorePolicy: "plain" });
