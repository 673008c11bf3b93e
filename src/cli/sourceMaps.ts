import * as module from "node:module";

// Imported first: it decides about what is loaded after it. tsx turns on source maps for everything, and Node keeps
// them in memory for good: those of packages, which nobody here reads, are several MiB. Node 22.13 cannot tell them
// apart.
if ("setSourceMapsSupport" in module) module.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
