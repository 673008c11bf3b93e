/** For mocha outside of Hardhat's task: keeps what instrumented contracts reported. */
import hre from "hardhat";

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await hre.hooks.runHandlerChain("test", "onTestWorkerDone", ["mocha"], async () => undefined);
  },
};
