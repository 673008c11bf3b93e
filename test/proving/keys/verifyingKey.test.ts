import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { zKey } from "snarkjs";
import { curve } from "../../../src/protocol/curve.ts";
import { KeyForgeableError, KeyPointError } from "../../../src/proving/errors.ts";
import { inMemory } from "../../../src/proving/keys/binfile.ts";
import { buildKeys } from "../../../src/proving/keys/build.ts";
import type { ProvingKey } from "../../../src/proving/keys/provingKey.ts";
import { encodeVerifyingKey, exportVerifyingKey, readVerifyingKey } from "../../../src/proving/keys/verifyingKey.ts";
import { BASE_FIELD } from "../../../src/protocol/field.ts";
import { expectRejection } from "../../support/expectRejection.ts";
import { snarkjsNewKey, snarkjsPowersOfTau } from "../../support/powersOfTau.ts";
import { type TestCircuit, chainSource, compileTestCircuit, temporaryFolder } from "../../support/testCircuit.ts";

interface SnarkjsPoints {
  vk_alpha_1: string[];
  vk_beta_2: string[][];
  vk_gamma_2: string[][];
  vk_delta_2: string[][];
  IC: string[][];
}

describe("verifying key", () => {
  const folder = temporaryFolder();
  let circuit: TestCircuit;
  let key: ProvingKey;

  before(async () => {
    circuit = await compileTestCircuit(folder(), "Chain", chainSource(3));
    key = (await buildKeys([circuit], { buildDir: folder() }))[0]!;
  });

  it("is exported as snarkjs exports it", async () => {
    expect(await exportVerifyingKey(key.verifyingKey)).to.deep.equal(await zKey.exportVerificationKey(key.zkeyPath));
  });

  it("is encoded as alpha, beta, gamma and delta, IC in the order of the EVM's precompiles", async () => {
    const json = (await zKey.exportVerificationKey(key.zkeyPath)) as SnarkjsPoints;
    const g1 = ([x, y]: string[]): string[] => [x!, y!];
    const g2 = ([x, y]: string[][]): string[] => [x![1]!, x![0]!, y![1]!, y![0]!];
    const encode = (words: string[]): string =>
      `0x${words.map((word) => BigInt(word).toString(16).padStart(64, "0")).join("")}`;
    const { common, circuit: own } = encodeVerifyingKey(key.verifyingKey);
    expect(common).to.equal(encode([...g1(json.vk_alpha_1), ...g2(json.vk_beta_2), ...g2(json.vk_gamma_2)]));
    expect(own).to.equal(encode([...g2(json.vk_delta_2), ...json.IC.flatMap(g1)]));
    expect([common.length, own.length]).to.deep.equal([2 + 2 * 320, 2 + 2 * (128 + 64 * 4)]);
  });

  it("is refused everywhere when delta equals gamma, up to sign", async () => {
    const unfinished = await snarkjsNewKey(circuit.r1csPath, await snarkjsPowersOfTau(4));
    await expectRejection(
      readVerifyingKey(inMemory(unfinished.data), "unfinished.zkey"),
      KeyForgeableError,
      "unfinished.zkey has delta equal to gamma",
    );
    const { gamma } = key.verifyingKey;
    const negative = { x: gamma.x, y: gamma.y.map((part) => BASE_FIELD - part) as [bigint, bigint] };
    for (const delta of [gamma, negative]) {
      const forgeable = { ...key.verifyingKey, delta };
      expect(() => encodeVerifyingKey(forgeable)).to.throw(KeyForgeableError);
      await expectRejection(exportVerifyingKey(forgeable), KeyForgeableError, "delta equal to gamma");
    }
  });

  describe("with an unusable point", () => {
    // Offsets of the header's points, then that of IC[0], in the file that snarkjs defines.
    const HEADER_AT = 12 + 12 + 4 + 12 + 84;
    for (const [point, offset, size] of [
      ["alpha", HEADER_AT, 64],
      ["beta", HEADER_AT + 128, 128],
      ["gamma", HEADER_AT + 256, 128],
      ["delta", HEADER_AT + 448, 128],
      ["IC[0]", HEADER_AT + 576 + 12, 64],
    ] as const) {
      it(`is refused: ${point} at infinity`, async () => {
        const zkey = new Uint8Array(await readFile(key.zkeyPath)).fill(0, offset, offset + size);
        await expectRejection(
          readVerifyingKey(inMemory(zkey), "k.zkey"),
          KeyPointError,
          `k.zkey has an unusable ${point}`,
        );
      });
      it(`is refused: ${point} off the curve`, async () => {
        const zkey = new Uint8Array(await readFile(key.zkeyPath));
        zkey[offset]! ^= 1;
        await expectRejection(
          readVerifyingKey(inMemory(zkey), "k.zkey"),
          KeyPointError,
          `k.zkey has an unusable ${point}`,
        );
      });
    }

    it("is refused: on the twist, but outside the prime-order group", async () => {
      const { G2, F2 } = curve as unknown as Twist;
      // Without its cofactor, a point found by solving the curve equation is almost never in the group.
      let x = F2.one;
      while (!F2.isSquare(F2.add(F2.mul(F2.square(x), x), G2.b))) x = F2.add(x, F2.one);
      const y = F2.sqrt(F2.add(F2.mul(F2.square(x), x), G2.b));
      const zkey = new Uint8Array(await readFile(key.zkeyPath));
      zkey.set(x, HEADER_AT + 448);
      zkey.set(y, HEADER_AT + 448 + 64);
      await expectRejection(readVerifyingKey(inMemory(zkey), "k.zkey"), KeyPointError, "k.zkey has an unusable delta");
    });
  });
});

interface Twist {
  readonly G2: { readonly b: Uint8Array };
  readonly F2: {
    readonly one: Uint8Array;
    add(a: Uint8Array, b: Uint8Array): Uint8Array;
    mul(a: Uint8Array, b: Uint8Array): Uint8Array;
    square(a: Uint8Array): Uint8Array;
    sqrt(a: Uint8Array): Uint8Array;
    isSquare(a: Uint8Array): boolean;
  };
}
