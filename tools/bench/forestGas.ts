import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { createSetup, proveSlot, randomForest, slotCount, type Statement } from "../../src/sim/trapdoorForest.ts";
import { forestArguments, nodeArguments, verifierArguments } from "../../src/sim/verifierArguments.ts";
import { FIELD } from "../../src/sim/trapdoor.ts";
import { Random } from "../../src/sim/random.ts";

/** What a transaction may use at most (EIP-7825). */
export const TRANSACTION_GAS_CAP = 2 ** 24;

export interface ForestGas {
  /** How many are verified. */
  readonly slots: number;
  /** Gas of a transaction that calls the verifier directly: keys, counts and flags are in its calldata. */
  readonly total: number;
  /** The part of `total` that pays for calldata and for being a transaction. */
  readonly intrinsic: number;
}

/** Gas to verify a full forest of simulated proofs. Deterministic. */
export async function measureForest(
  ethers: HardhatEthers,
  arity: number,
  levels: number,
  overrides: Partial<Statement> = {},
): Promise<ForestGas> {
  const random = new Random(`gas/${arity}/${levels}`);
  const setup = createSetup(random, arity, levels);
  const verifier = await ethers.deployContract("ForestVerifier", verifierArguments(setup));
  const transaction = {
    to: await verifier.getAddress(),
    data: verifier.interface.encodeFunctionData(
      "verifyForest",
      forestArguments(randomForest(random, setup, overrides)),
    ),
    gasLimit: TRANSACTION_GAS_CAP,
  };
  if (BigInt(await ethers.provider.call(transaction)) !== 1n)
    throw new Error(`arity ${arity}, levels ${levels}: forest refused`);
  const [signer] = await ethers.getSigners();
  const receipt = await (await signer!.sendTransaction(transaction)).wait();
  return { slots: slotCount(setup), total: Number(receipt!.gasUsed), intrinsic: intrinsicGas(transaction.data) };
}

/**
 * Gas to verify each list of slots of one forest by `verifyNodes`, every node named and with a VRF output.
 * Deterministic.
 */
export async function measureNodes(
  ethers: HardhatEthers,
  arity: number,
  levels: number,
  lists: readonly (readonly number[])[],
): Promise<ForestGas[]> {
  const random = new Random(`node gas/${arity}/${levels}`);
  const setup = createSetup(random, arity, levels);
  const verifier = await ethers.deployContract("ForestVerifier", verifierArguments(setup));
  const forest = randomForest(random, setup, { roundSeed: random.below(1n << 248n) }, () => false);
  for (const slot of forest.slots) {
    Object.assign(slot, { key: random.below(FIELD), beta: random.below(FIELD), assigned: 1 + random.index(7) });
    Object.assign(slot, { voted: true, delivered: true });
  }
  for (const slot of new Set(lists.flat())) forest.proofs[slot] = proveSlot(random, forest, slot);
  const [signer] = await ethers.getSigners();
  const measured: ForestGas[] = [];
  for (const slots of lists) {
    const call = nodeArguments(forest, slots);
    if (!(await verifier.verifyNodes(...call)))
      throw new Error(`arity ${arity}, levels ${levels}: nodes ${slots.join(", ")} refused`);
    const data = verifier.interface.encodeFunctionData("verifyNodes", call);
    const receipt = await (await signer!.sendTransaction({ to: await verifier.getAddress(), data })).wait();
    measured.push({ slots: slots.length, total: Number(receipt!.gasUsed), intrinsic: intrinsicGas(data) });
  }
  return measured;
}

/** Gas = fixed + marginal x proofs, through two measurements of one arity. */
export function gasLine(smaller: ForestGas, larger: ForestGas): { marginal: number; fixed: number } {
  const marginal = (larger.total - smaller.total) / (larger.slots - smaller.slots);
  return { marginal: Math.round(marginal), fixed: Math.round(smaller.total - marginal * smaller.slots) };
}

/** What calldata and being a transaction cost. */
export function intrinsicGas(data: string): number {
  const bytes = Buffer.from(data.slice(2), "hex");
  return 21_000 + bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
}
