import { toHex32 } from "../protocol/hex.ts";
import {
  addStake,
  approve,
  ContractError,
  type ChainClient,
  type From,
  planned,
  register,
  requestExit,
  withdrawStake,
} from "../chain/index.ts";
import { B52Error } from "../protocol/errors.ts";
import { keyOwnershipPublicInputs } from "../protocol/publicInputs.ts";
import { keyOwnershipInput } from "../proving/inputs.ts";
import type { CircuitProver } from "../proving/prover.ts";
import type { OperatorKeys } from "./keys.ts";
import { formatTokens, isoTime, requireTokens } from "./tokens.ts";

/** What an operator acts with: the rollup, and who sends and pays. */
export interface OperatorContext {
  readonly client: ChainClient;
  readonly signer: From;
  readonly keys: OperatorKeys;
}

/** The key has an index in the registry already. */
export class RegisteredError extends B52Error {
  constructor(index: number) {
    super(`the prover key is registered already, as prover ${index}: b52 stake add adds to its stake`, { index });
  }
}

/** The key has no index in the registry. */
export class UnregisteredError extends B52Error {
  constructor(key: bigint) {
    super(`the prover key ${toHex32(key)} is not registered, expected a registered one: b52 stake register`, { key });
  }
}

/** Too little to be registered with. */
export class StakeTooLowError extends B52Error {
  constructor(stake: bigint, least: bigint) {
    super(`the stake is ${formatTokens(stake)}, expected at least ${formatTokens(least)}`, { stake, least });
  }
}

/** The stake cannot be withdrawn yet. */
export class StakeHeldError extends B52Error {
  /** @param withdrawableAt Unix seconds; 0: no exit was asked for */
  constructor(index: number, withdrawableAt: bigint, options?: ErrorOptions) {
    super(
      withdrawableAt === 0n
        ? `prover ${index} is not leaving, expected one whose exit delay is over: b52 stake exit first`
        : `prover ${index} is leaving, expected one whose exit delay is over: it is from ${isoTime(withdrawableAt)}`,
      { index, withdrawableAt },
      options,
    );
  }
}

export interface Registered {
  readonly index: number;
  /** Wei. */
  readonly stake: bigint;
  /** Burnt beside the stake, wei. */
  readonly fee: bigint;
  readonly transaction: string;
}

/**
 * Registers the operator's prover key: proves that the operator has its secret, and stakes.
 * @param stake wei; the least that the registry takes by default
 * @throws {RegisteredError} @throws {StakeTooLowError} @throws {TooFewTokensError}
 */
export async function registerProver(
  { client, signer, keys }: OperatorContext,
  prover: Pick<CircuitProver, "prove">,
  stake?: bigint,
  signal?: AbortSignal,
): Promise<Registered> {
  const { registry, deployment } = client;
  const { proverKey: key, proverSecret, address } = keys;
  const { amount, fee, proof } = await planned(signer, async () => {
    const known = Number(await registry.indexOf(key));
    if (known !== 0) throw new RegisteredError(known);
    const [least, fee] = await Promise.all([registry.minStake(), registry.registrationFee()]);
    const amount = stake ?? least;
    if (amount < least) throw new StakeTooLowError(amount, least);
    await requireTokens(client, address, amount + fee);
    const statement = { key, owner: BigInt(address), domain: deployment.domain, seed: 0n, beta: 0n };
    const task = {
      input: keyOwnershipInput(statement, proverSecret),
      publicInputs: keyOwnershipPublicInputs(statement),
    };
    return { amount, fee, proof: await prover.prove("KeyOwnership", task, signal) };
  });
  await approve(client, signer, await registry.getAddress(), amount + fee);
  const { index, receipt } = await register(client, signer, { key, stake: amount, proof });
  return { index, stake: amount, fee, transaction: receipt.hash };
}

/** The operator's index in the registry. @throws {UnregisteredError} */
export async function proverIndex(
  { registry }: ChainClient,
  { proverKey }: Pick<OperatorKeys, "proverKey">,
): Promise<number> {
  const index = Number(await registry.indexOf(proverKey));
  if (index === 0) throw new UnregisteredError(proverKey);
  return index;
}

/** @param amount wei @returns the transaction @throws {UnregisteredError} @throws {TooFewTokensError} */
export async function increaseStake({ client, signer, keys }: OperatorContext, amount: bigint): Promise<string> {
  const index = await planned(signer, async () => {
    const found = await proverIndex(client, keys);
    await requireTokens(client, keys.address, amount);
    return found;
  });
  await approve(client, signer, await client.registry.getAddress(), amount);
  return (await addStake(client, signer, index, amount)).hash;
}

/** Asks to leave, for good: the key gets no other index. @returns the transaction @throws {UnregisteredError} */
export async function leaveRegistry({ client, signer, keys }: OperatorContext): Promise<string> {
  const index = await planned(signer, () => proverIndex(client, keys));
  return (await requestExit(client, signer, index)).hash;
}

/**
 * Takes the stake back after the exit delay.
 * @returns the stake, wei, and the transaction
 * @throws {UnregisteredError} @throws {StakeHeldError}
 */
export async function takeStake({
  client,
  signer,
  keys,
}: OperatorContext): Promise<{ readonly stake: bigint; readonly transaction: string }> {
  const { index, stake, withdrawableAt } = await planned(signer, async () => {
    const index = await proverIndex(client, keys);
    const { stake, withdrawableAt } = await client.registry.proverOf(index);
    if (withdrawableAt === 0n) throw new StakeHeldError(index, withdrawableAt);
    return { index, stake, withdrawableAt };
  });
  try {
    return { stake, transaction: (await withdrawStake(client, signer, index)).hash };
  } catch (error) {
    if (error instanceof ContractError && error.error === "ExitNotOver")
      throw new StakeHeldError(index, withdrawableAt, { cause: error });
    throw error;
  }
}
