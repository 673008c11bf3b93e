import { powersOfTau, zKey } from "snarkjs";
import { curve } from "../../src/protocol/curve.ts";
import { tauBeacon, tauSecrets } from "../../src/proving/keys/beacon.ts";
import { writeSections } from "../../src/proving/keys/binfile.ts";
import { FixedBase } from "../../src/proving/keys/fixedBase.ts";
import { lagrangeAt } from "../../src/proving/keys/lagrange.ts";
import { BASE_FIELD, FIELD } from "../../src/protocol/field.ts";

/** A file in memory, as snarkjs takes it. */
export interface MemoryFile {
  readonly type: "mem";
  data: Uint8Array;
}

export function memoryFile(data: Uint8Array = new Uint8Array()): MemoryFile {
  return { type: "mem", data };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** snarkjs' own ceremony: new, one beacon, prepare phase 2. About a second for 2^7. */
export async function snarkjsPowersOfTau(power: number): Promise<MemoryFile> {
  const [fresh, contributed, prepared] = [memoryFile(), memoryFile(), memoryFile()];
  await powersOfTau.newAccumulator(curve, power, fresh);
  await powersOfTau.beacon(fresh, contributed, "b52", hex(tauBeacon()), 10);
  await powersOfTau.preparePhase2(contributed, prepared);
  return prepared;
}

/** snarkjs' key before any contribution: delta is 1, as gamma is. */
export async function snarkjsNewKey(r1csPath: string, ptau: MemoryFile): Promise<MemoryFile> {
  const key = memoryFile();
  await zKey.newZKey(r1csPath, ptau, key);
  return key;
}

/**
 * What snarkjs reads of a powers-of-tau file of `power` for a circuit of half that domain, written from the development
 * secrets; the rest is zero. snarkjs itself would take an hour for the sizes that this is for.
 */
export async function sparsePowersOfTau(power: number): Promise<MemoryFile> {
  const { tau, alpha, beta } = tauSecrets(curve, tauBeacon());
  const [g1, g2] = [await FixedBase.create(curve, "G1"), await FixedBase.create(curve, "G2")];
  const log = power - 1;
  const size = 2 ** log;
  const basis = lagrangeAt(tau, log);
  const scale = (factor: bigint): bigint[] => basis.map((value) => (value * factor) % FIELD);

  const powers = [1n];
  while (powers.length < 2 * size) powers.push((powers.at(-1)! * tau) % FIELD);
  /** Lagrange bases of growing domains lie one after the other: the one of `size` begins at `size - 1`. */
  const lagrange = (pointBytes: number, domains: number, points: [at: number, bytes: Uint8Array][]): Uint8Array => {
    const section = new Uint8Array((2 * domains - 1) * pointBytes);
    for (const [at, bytes] of points) section.set(bytes, at * pointBytes);
    return section;
  };

  const header = Buffer.alloc(44);
  header.writeUInt32LE(32);
  Buffer.from(BASE_FIELD.toString(16), "hex").reverse().copy(header, 4);
  header.writeUInt32LE(power, 36);
  header.writeUInt32LE(power, 40);
  const sections = new Map<number, Uint8Array>([
    [1, header],
    [2, g1.multiply(powers)],
    [4, g1.multiply([alpha])],
    [5, g1.multiply([beta])],
    [6, g2.multiply([beta])],
    [
      12,
      lagrange(64, 2 * size, [
        [size - 1, g1.multiply(basis)],
        [2 * size - 1, g1.multiply(lagrangeAt(tau, log + 1))],
      ]),
    ],
    [13, lagrange(128, size, [[size - 1, g2.multiply(basis)]])],
    [14, lagrange(64, size, [[size - 1, g1.multiply(scale(alpha))]])],
    [15, lagrange(64, size, [[size - 1, g1.multiply(scale(beta))]])],
  ]);
  return memoryFile(new Uint8Array(Buffer.concat(writeSections("ptau", 1, sections))));
}
