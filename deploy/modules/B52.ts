import { rollupModule } from "../../src/deploy/rollupModule.ts";

/**
 * The rollup that scores with `N^3 B^2`. Every score policy has a module beside this one, with the same name in
 * parameter files: `B52`. A file whose `scorePolicy` is another module's is refused.
 */
export default rollupModule({ scorePolicy: "plain" });
