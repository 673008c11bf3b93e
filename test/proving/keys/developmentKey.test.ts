import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { zKey } from "snarkjs";
import { curve } from "../../../src/protocol/curve.ts";
import { deltaBeacon, tauBeacon, tauSecrets } from "../../../src/proving/keys/beacon.ts";
import { readSections } from "../../../src/proving/keys/binfile.ts";
import { writeDevelopmentKey } from "../../../src/proving/keys/developmentKey.ts";
import { FixedBase } from "../../../src/proving/keys/fixedBase.ts";
import { readR1cs } from "../../../src/proving/keys/r1cs.ts";
import { SECTION } from "../../../src/proving/keys/zkey.ts";
import {
  type MemoryFile,
  hex,
  memoryFile,
  snarkjsNewKey,
  snarkjsPowersOfTau,
  sparsePowersOfTau,
} from "../../support/powersOfTau.ts";
import {
  SQUARE_SOURCE,
  type TestCircuit,
  chainSource,
  compileTestCircuit,
  tallSource,
  temporaryFolder,
} from "../../support/testCircuit.ts";

describe("development key", () => {
  const folder = temporaryFolder();
  let g1: FixedBase;
  let g2: FixedBase;

  before(async () => {
    [g1, g2] = [await FixedBase.create(curve, "G1"), await FixedBase.create(curve, "G2")];
  });

  async function write({ hash, r1csPath }: TestCircuit, onProgress?: (share: number) => void): Promise<Uint8Array> {
    const r1cs = readR1cs(await readFile(r1csPath), r1csPath);
    const secrets = tauSecrets(curve, tauBeacon());
    const pieces = await writeDevelopmentKey(
      r1cs,
      { curve, g1, g2, secrets, deltaBeacon: deltaBeacon(hash) },
      onProgress,
    );
    return new Uint8Array(Buffer.concat(pieces));
  }

  async function writeWithSnarkjs(circuit: TestCircuit, ptau: MemoryFile): Promise<Uint8Array> {
    const key = memoryFile();
    await zKey.beacon(
      await snarkjsNewKey(circuit.r1csPath, ptau),
      key,
      "b52 development",
      hex(deltaBeacon(circuit.hash)),
      10,
    );
    return key.data;
  }

  function expectSameKey(actual: Uint8Array, expected: Uint8Array): void {
    const [ours, theirs] = [readSections(actual, "zkey", "ours"), readSections(expected, "zkey", "snarkjs")];
    for (const [name, id] of Object.entries(SECTION)) {
      expect(Buffer.compare(ours.get(id)!, theirs.get(id)!), `section ${name} differs`).to.equal(0);
    }
    expect(Buffer.compare(actual, expected), "the files differ outside their sections").to.equal(0);
  }

  describe("beside a powers-of-tau file made by snarkjs", () => {
    let ptau: MemoryFile;
    before(async () => {
      ptau = await snarkjsPowersOfTau(7);
    });

    for (const [name, source] of [
      ["Square", SQUARE_SOURCE],
      ["Chain5", chainSource(5)],
      // 60 constraints and 3 public signals leave one row of 64 unused: the last size of this domain.
      ["Chain59", chainSource(59)],
    ] as const) {
      it(`is byte for byte snarkjs' own key of ${name}, which snarkjs verifies`, async () => {
        const circuit = await compileTestCircuit(folder(), name, source);
        const key = await write(circuit);
        expectSameKey(key, await writeWithSnarkjs(circuit, ptau));
        expect(await zKey.verifyFromR1cs(circuit.r1csPath, ptau, key)).to.equal(true);
      });
    }

    it("is not accepted by snarkjs for another circuit or with one changed point", async () => {
      const circuit = await compileTestCircuit(folder(), "Chain4", chainSource(4));
      const other = await compileTestCircuit(folder(), "Chain6", chainSource(6));
      const key = await write(circuit);
      expect(await zKey.verifyFromR1cs(other.r1csPath, ptau, key)).to.equal(false);
      const section = readSections(key, "zkey", "key").get(SECTION.h)!;
      section.copyWithin(0, 64, 128);
      expect(await zKey.verifyFromR1cs(circuit.r1csPath, ptau, key)).to.equal(false);
    });
  });

  // From 2^15 on snarkjs hashes one point more of the H basis than below.
  it("has snarkjs' circuit hash for a domain of 2^15, and everything that a contribution leaves alone", async () => {
    const circuit = await compileTestCircuit(folder(), "Tall16400", tallSource(16_400));
    const shares: number[] = [];
    const key = readSections(await write(circuit, (share) => shares.push(share)), "zkey", "ours");
    const initial = readSections(
      (await snarkjsNewKey(circuit.r1csPath, await sparsePowersOfTau(16))).data,
      "zkey",
      "snarkjs",
    );
    for (const name of ["ic", "coefficients", "a", "b1", "b2"] as const) {
      expect(Buffer.compare(key.get(SECTION[name])!, initial.get(SECTION[name])!), `section ${name} differs`).to.equal(
        0,
      );
    }
    const circuitHash = (sections: typeof key): string => hex(sections.get(SECTION.contributions)!.subarray(0, 64));
    expect(circuitHash(key)).to.equal(circuitHash(initial));
    expect(shares, "progress").to.deep.equal([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).to.equal(1);
  });

  it("is the same twice and has another delta for another circuit hash", async () => {
    const circuit = await compileTestCircuit(folder(), "Chain3", chainSource(3));
    const key = await write(circuit);
    expect(hex(await write(circuit))).to.equal(hex(key));
    const other = await write({ ...circuit, hash: `${circuit.hash}0` });
    const [header, otherHeader] = [key, other].map((bytes) =>
      readSections(bytes, "zkey", "key").get(SECTION.header)!,
    ) as [Uint8Array, Uint8Array];
    const deltaAt = header.length - 192;
    expect(hex(otherHeader.subarray(0, deltaAt))).to.equal(hex(header.subarray(0, deltaAt)));
    expect(hex(otherHeader.subarray(deltaAt))).not.to.equal(hex(header.subarray(deltaAt)));
  });
});
