import { copyFile, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { zKey } from "snarkjs";
import {
  FileAccessError,
  FileMalformedError,
  KeyForgeableError,
  KeyTamperedError,
  DeltaSharedError,
  KeysNotSharedError,
} from "../../../src/proving/errors.ts";
import { buildKeys } from "../../../src/proving/keys/build.ts";
import { assertKeysAllowed } from "../../../src/proving/keys/networks.ts";
import {
  type ProvingKey,
  encodeVerifyingKeys,
  loadKey,
  manifestPathOf,
  registerKey,
} from "../../../src/proving/keys/provingKey.ts";
import { expectRejection } from "../../support/expectRejection.ts";
import { type MemoryFile, snarkjsNewKey, snarkjsPowersOfTau } from "../../support/powersOfTau.ts";
import {
  type TestCircuit,
  SQUARE_SOURCE,
  chainSource,
  compileTestCircuit,
  temporaryFolder,
} from "../../support/testCircuit.ts";

/** Order of the field that BN254's coordinates are from. */
const COORDINATES = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

describe("proving key", () => {
  const folder = temporaryFolder();
  let circuits: [TestCircuit, TestCircuit];
  let keys: [ProvingKey, ProvingKey];
  let ptau: MemoryFile;

  before(async () => {
    circuits = [
      await compileTestCircuit(folder(), "Chain", chainSource(3)),
      await compileTestCircuit(folder(), "Square", SQUARE_SOURCE),
    ];
    keys = (await buildKeys(circuits, { buildDir: join(folder(), "keys") })) as [ProvingKey, ProvingKey];
    ptau = await snarkjsPowersOfTau(4);
  });

  /** A copy of the first key and its manifest that a test may damage. */
  async function copyKey(name: string): Promise<string> {
    const target = join(folder(), name);
    await mkdir(target);
    await copyFile(keys[0].zkeyPath, join(target, keys[0].manifest.zkey));
    await copyFile(manifestPathOf(keys[0].zkeyPath), manifestPathOf(join(target, keys[0].manifest.zkey)));
    return join(target, keys[0].manifest.zkey);
  }

  /** A key as a ceremony makes it: two contributions with secret entropy. */
  async function ceremonyKey(name: string): Promise<string> {
    const path = join(folder(), `${name}.zkey`);
    const first = `${path}.1`;
    await zKey.contribute(await snarkjsNewKey(circuits[0].r1csPath, ptau), first, "first", "entropy one");
    await zKey.contribute(first, path, "second", "entropy two");
    return path;
  }

  it("loads as it was registered", async () => {
    expect(await loadKey(manifestPathOf(keys[0].zkeyPath), circuits[0].hash)).to.deep.equal(keys[0]);
    expect(keys[0].manifest).to.include({ circuit: "Chain", circuitHash: circuits[0].hash, development: true });
  });

  it("is refused for another circuit", () =>
    expectRejection(
      loadKey(manifestPathOf(keys[0].zkeyPath), circuits[1].hash),
      KeyTamperedError,
      `expected ${circuits[1].hash}`,
    ));

  it("is refused with one changed bit", async () => {
    const path = await copyKey("flipped");
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 4;
    await writeFile(path, bytes);
    await expectRejection(loadKey(manifestPathOf(path)), KeyTamperedError, "zkeyHash is");
  });

  it("is refused when it is cut off, also by registration", async () => {
    const path = await copyKey("short");
    await truncate(path, 4000);
    await expectRejection(loadKey(manifestPathOf(path)), KeyTamperedError, "zkeyHash is");
    const register = registerKey({
      circuit: "Chain",
      circuitHash: circuits[0].hash,
      zkeyPath: path,
      development: true,
    });
    await expectRejection(register, FileMalformedError, "is not a usable zkey file: section");
  });

  it("is refused when it is missing or its manifest is", async () => {
    await expectRejection(loadKey(join(folder(), "none.json")), FileAccessError, "cannot read");
    const path = await copyKey("alone");
    await writeFile(
      manifestPathOf(path),
      (await readFile(manifestPathOf(path), "utf8")).replace(keys[0].manifest.zkey, "gone.zkey"),
    );
    await expectRejection(loadKey(manifestPathOf(path)), FileAccessError, "gone.zkey");
  });

  for (const [what, edit, text] of [
    ["no JSON", () => "{", "it is not JSON"],
    ["a missing field", (json: string) => json.replace("development", "developments"), "development"],
    [
      "a key in another folder",
      (json: string) => json.replace(/"zkey": "/, '"zkey": "../keys/'),
      "expected the name of a .zkey file",
    ],
    ["a hash in another form", (json: string) => json.replace(/"zkeyHash": "/, '"zkeyHash": "0x'), "zkeyHash"],
  ] as const) {
    it(`is refused when its manifest has ${what}`, async () => {
      const path = manifestPathOf(await copyKey(what));
      await writeFile(path, edit(await readFile(path, "utf8")));
      await expectRejection(loadKey(path), FileMalformedError, text);
    });
  }

  it("is refused when its manifest names other powers of tau", async () => {
    const path = manifestPathOf(await copyKey("tau"));
    await writeFile(path, (await readFile(path, "utf8")).replace(keys[0].manifest.tauHash, "0".repeat(64)));
    await expectRejection(loadKey(path), KeyTamperedError, "tauHash is");
  });

  it("comes from a ceremony through the same interface", async () => {
    const path = await ceremonyKey("ceremony");
    const registered = await registerKey({
      circuit: "Chain",
      circuitHash: circuits[0].hash,
      zkeyPath: path,
      development: false,
    });
    expect(await loadKey(manifestPathOf(path), circuits[0].hash)).to.deep.equal(registered);
    expect(encodeVerifyingKeys([registered]).common).to.have.length(2 + 2 * 320);
  });

  it("is known for a development key however it is registered: its powers of tau are public", async () => {
    const path = await ceremonyKey("relabelled");
    const { manifest } = await registerKey({ circuit: "Chain", circuitHash: "1", zkeyPath: path, development: false });
    expect(manifest.development).to.equal(true);
    expect(() => assertKeysAllowed(1, [manifest])).to.throw();
  });

  it("cannot be registered without a phase 2 contribution", async () => {
    const path = join(folder(), "initial.zkey");
    await writeFile(path, (await snarkjsNewKey(circuits[0].r1csPath, ptau)).data);
    const register = registerKey({ circuit: "Chain", circuitHash: "1", zkeyPath: path, development: false });
    await expectRejection(register, KeyForgeableError, "initial.zkey has delta equal to gamma");
  });

  it("is encoded beside keys from the same powers of tau only", async () => {
    const { common, circuits: own } = encodeVerifyingKeys(keys);
    expect(own).to.have.length(2);
    expect(own[0]).not.to.equal(own[1]);
    expect(common).to.have.length(2 + 2 * 320);
    const { alpha, beta, gamma, delta, ic } = keys[1].verifyingKey;
    const stranger = { ...keys[1], verifyingKey: { alpha: ic[0]!, beta, gamma, delta, ic } };
    expect(alpha).not.to.deep.equal(ic[0]);
    expect(() => encodeVerifyingKeys([keys[0], stranger])).to.throw(
      KeysNotSharedError,
      "Square and Chain differ in alpha, beta or gamma",
    );
  });

  it("is not encoded beside another circuit's with the same delta, not even its negative", () => {
    const [chain, square] = keys;
    const { x, y } = chain.verifyingKey.delta;
    const negative = { x, y: y.map((part) => (COORDINATES - part) % COORDINATES) as [bigint, bigint] };
    for (const delta of [chain.verifyingKey.delta, negative]) {
      const copy = { ...square, verifyingKey: { ...square.verifyingKey, delta } };
      expect(() => encodeVerifyingKeys([chain, copy])).to.throw(
        DeltaSharedError,
        "Square and Chain have the same delta",
      );
    }
  });
});
