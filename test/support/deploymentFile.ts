import type { Deployment } from "../../src/chain/deployment.ts";
import { PROFILES } from "../../src/protocol/profile.ts";

/** A rollup that is nowhere, as its deployment file describes it. */
export const DEPLOYMENT: Deployment = {
  version: 5,
  chainId: 31_337n,
  genesisBlock: `0x${"ab".repeat(32)}`,
  started: { number: 8, hash: `0x${"cd".repeat(32)}` },
  contracts: {
    rollup: "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9",
    registry: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
    court: "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6",
    token: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    verifier: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
    parts: "0x610178dA211FEF7D417bC0e6FeD39F05609AD788",
    blobVerifier: "0x9A676e781A523b5d0C0e43731313A708CB607508",
    bridge: "0xB7f8BC63BbcaD18155201308C8f3540b07f84F5e",
    claimVerifier: "0xA51c1fc2f0D1a1b8494Ed1FE312d7C3a78Ed91C0",
    asset: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    scorer: "0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9",
    roundView: "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
    relay: "0x0165878A594ca255338adfa4d48449f69242Eb8F",
    bulletin: "0xa513E6E4b8f2a923D98304ec87F64353C4D5C853",
    ranking: "0x8A791620dd6260079BF849Dc5567aDC3F2FdC318",
  },
  asset: { symbol: "B52", decimals: 18 },
  domain: (1n << 248n) - 1n,
  profile: PROFILES.dev,
  genesis: { root: 1n, supply: 10n ** 24n },
};
