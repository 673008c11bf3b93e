import { expect } from "chai";
import { curve } from "../../../src/protocol/curve.ts";
import { DevelopmentKeysError } from "../../../src/proving/errors.ts";
import { sha256 } from "../../../src/proving/files.ts";
import { tauBeacon, tauSecrets } from "../../../src/proving/keys/beacon.ts";
import type { KeyManifest } from "../../../src/proving/keys/manifest.ts";
import { DEVELOPMENT_TAU_HASH, assertKeysAllowed } from "../../../src/proving/keys/networks.ts";

const ceremony: KeyManifest = {
  version: 1,
  circuit: "BaseRollup",
  circuitHash: "1",
  development: false,
  zkey: "BaseRollup.zkey",
  zkeyHash: "0".repeat(64),
  tauHash: "0".repeat(64),
};
const development: KeyManifest = { ...ceremony, circuit: "RootRollup", development: true };

describe("networks of development keys", () => {
  for (const chainId of [31_337, 1_337n]) {
    it(`include the local chain ${chainId}`, () => assertKeysAllowed(chainId, [ceremony, development]));
  }

  for (const chainId of [1, 11_155_111n, 17_000, 8_453n, 31_338, 0]) {
    it(`exclude chain ${chainId}`, () => {
      expect(() => assertKeysAllowed(chainId, [ceremony, development])).to.throw(
        DevelopmentKeysError,
        `the key of RootRollup is a development key and chain ${chainId} is not local, expected chain 31337 or 1337`,
      );
    });
  }

  it("do not bind keys from a ceremony", () => assertKeysAllowed(1, [ceremony]));

  it("bind a development key whose manifest denies it", () => {
    expect(() => assertKeysAllowed(1, [{ ...ceremony, tauHash: DEVELOPMENT_TAU_HASH }])).to.throw(
      DevelopmentKeysError,
      "BaseRollup",
    );
  });

  it("are decided by the hash of the points that the public label gives", async () => {
    const { alpha, beta } = tauSecrets(curve, tauBeacon());
    // ffjavascript's uncompressed form is the EVM's: big-endian, c1 before c0.
    const points = [curve.G1.timesScalar(curve.G1.g, alpha), curve.G2.timesScalar(curve.G2.g, beta), curve.G2.g];
    const bytes = points.map((point, i) => (i === 0 ? curve.G1 : curve.G2).toUncompressed(point));
    expect(sha256(Buffer.concat(bytes))).to.equal(DEVELOPMENT_TAU_HASH);
  });
});
