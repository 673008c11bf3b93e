import type { NetworkConnection } from "hardhat/types/network";
import * as actions from "../../src/chain/actions/index.ts";
import { secretKeyFromSeed, type SecretKey } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { signTransfer, type Transfer } from "../../src/protocol/transfer.ts";
import type { Account } from "../../src/state/account.ts";
import { executeBlock, type ExecutedBlock, type Rules } from "../../src/state/executor.ts";
import { State } from "../../src/state/state.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import {
  createSimulatedRollup,
  decideBlock,
  draftBlock,
  fullTranscript,
  type SimulatedRollup,
  type SimulatedRollupOptions,
} from "./simulatedRollup.ts";

/** An L2 whose blocks are executed for real, on a rollup that takes made-up proofs. */
export interface PlayedL2 extends SimulatedRollup {
  readonly rules: Rules;
  /** After the last block. */
  state: State;
  /** The last block. */
  last: ExecutedBlock | undefined;
}

export const ETHER = 10n ** 18n;

const profile = PROFILES.dev;
const PROVERS = 2;

/** The owner of genesis account `index` on the L2; on L1 it is signer `index`. */
export const userSecret = (index: number): SecretKey => secretKeyFromSeed(`played user ${index}`);

/** Accounts 1 to 5 with 1,000 tokens each; signers 0 to 5 may pay the bridge. */
export async function playL2(connection: NetworkConnection, options: Partial<SimulatedRollupOptions> = {}): Promise<PlayedL2> {
  const signers = await connection.ethers.getSigners();
  const accounts: Account[] = [1, 2, 3, 4, 5].map((index) => ({
    key: keyOf(userSecret(index)),
    balance: 1_000n * ETHER,
    nonce: 0n,
    l1Owner: BigInt(signers[index]!.address),
  }));
  const world = await createSimulatedRollup(connection, { profile, provers: PROVERS, proposers: 3, accounts, ...options });
  const { client, deployer } = world;
  for (const signer of signers.slice(0, 6)) {
    await actions.transfer(client, deployer, signer.address, 100n * ETHER);
    await actions.approveAsset(client, signer, 10_000n * ETHER);
  }
  const rules = { profile, domain: client.deployment.domain, ...crownDepths(profile) };
  const genesis = { accountDepth: profile.accountDepth, accounts };
  return { ...world, rules, state: State.ofGenesis(genesis), last: undefined };
}

/** Decides a height with what is due and these transfers, signed by their senders. */
export async function playHeight(l2: PlayedL2, transfers: readonly Partial<Transfer>[] = [{}]): Promise<ExecutedBlock> {
  const due = await actions.getDueOperations(l2.client);
  const nonces = new Map<number, bigint>();
  const signed = transfers.map(({ from = 1, to = 2, amount = ETHER, fee = ETHER / 100n }) => {
    const nonce = nonces.get(from) ?? l2.state.account(from).nonce;
    nonces.set(from, nonce + 1n);
    return signTransfer(userSecret(from), l2.rules.domain, { from, to, amount, fee }, nonce);
  });
  const executed = executeBlock(
    l2.state,
    due.map(({ packed }) => packed),
    signed,
    l2.rules,
  );
  const [proposer] = l2.proposers;
  await decideBlock(
    l2,
    await draftBlock(l2, { proposer: proposer!, burnBid: 1_000n, transcript: fullTranscript(profile, PROVERS), executed }),
  );
  l2.state = executed.state;
  l2.last = executed;
  return executed;
}
