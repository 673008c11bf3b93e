import type { NetworkConnection } from "hardhat/types/network";
import * as actions from "../../src/chain/actions/index.ts";
import { developmentKeys } from "../../src/deploy/genesis.ts";
import { decodeTransfer } from "../../src/protocol/messages.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { signTransfer, type Transfer } from "../../src/protocol/transfer.ts";
import { fillBlock } from "../../src/state/fill.ts";
import { type WalletKeys, walletKeys } from "../../src/wallet/keys.ts";
import type { Account } from "../../src/state/account.ts";
import { executeBlock, type ExecutedBlock, type Rules } from "../../src/state/executor.ts";
import { State } from "../../src/state/state.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import { createMadeUpWorld, type MadeUpWorld, type MadeUpWorldOptions } from "../../src/sim/madeUp.ts";
import { decideBlock, draftBlock, fullTranscript } from "../../src/sim/madeUpBlock.ts";

/** An L2 whose blocks are executed for real, on a rollup that takes made-up proofs. */
export interface PlayedL2 extends MadeUpWorld {
  readonly rules: Rules;
  /** After the last block. */
  state: State;
}

export const ETHER = 10n ** 18n;

const profile = PROFILES.dev;
const PROVERS = 2;

const KEYS = developmentKeys(10).map(walletKeys);

/** The wallet of genesis account `index`, whose L1 address is signer `index`. */
export const userWallet = (index: number): WalletKeys => KEYS[index]!;

/** Accounts 1 to 5 with 1,000 tokens each; signers 0 to 5 may pay the bridge. */
export async function playL2(
  connection: NetworkConnection,
  options: Partial<MadeUpWorldOptions> = {},
): Promise<PlayedL2> {
  const signers = await connection.ethers.getSigners();
  const accounts: Account[] = KEYS.slice(1, 6).map(({ key, address }) => ({
    key,
    balance: 1_000n * ETHER,
    nonce: 0n,
    l1Owner: BigInt(address),
  }));
  const world = await createMadeUpWorld(connection, {
    profile,
    provers: PROVERS,
    proposers: 3,
    accounts,
    ...options,
  });
  const { client, deployer } = world;
  for (const signer of signers.slice(0, 6)) {
    await actions.transfer(client, deployer, signer.address, 100n * ETHER);
    await actions.approveAsset(client, signer, 10_000n * ETHER);
  }
  const rules = { profile, domain: client.deployment.domain, ...crownDepths(profile) };
  const genesis = { accountDepth: profile.accountDepth, accounts };
  return { ...world, rules, state: State.ofGenesis(genesis) };
}

/** Decides a height with what is due and these transfers, signed by their senders. */
export async function playHeight(l2: PlayedL2, transfers: readonly Partial<Transfer>[] = [{}]): Promise<ExecutedBlock> {
  const nonces = new Map<number, bigint>();
  const signed = transfers.map(({ from = 1, to = 2, amount = ETHER, fee = ETHER / 100n }) => {
    const nonce = nonces.get(from) ?? l2.state.account(from).nonce;
    nonces.set(from, nonce + 1n);
    return signTransfer(userWallet(from).secret, l2.rules.domain, { from, to, amount, fee }, nonce);
  });
  const due = (await actions.getDueOperations(l2.client)).map(({ packed }) => packed);
  return playBlock(l2, executeBlock(l2.state, due, signed, l2.rules));
}

/** Decides a height with what is due and what is on the bulletin, as a proposer does that has no other source. */
export async function playPublished(l2: PlayedL2): Promise<ExecutedBlock> {
  const { client, rules } = l2;
  const pool = (await actions.getPublished(client, { topic: "Transaction", subject: rules.domain })).map(({ data }) =>
    decodeTransfer(data),
  );
  const due = (await actions.getDueOperations(client)).map(({ packed }) => packed);
  return playBlock(l2, fillBlock(l2.state, due, pool, rules).executed);
}

async function playBlock(l2: PlayedL2, executed: ExecutedBlock): Promise<ExecutedBlock> {
  const [proposer] = l2.proposers;
  await decideBlock(
    l2,
    await draftBlock(l2, {
      proposer: proposer!,
      burnBid: 1_000n,
      transcript: fullTranscript(profile, PROVERS),
      executed,
    }),
  );
  l2.state = executed.state;
  return executed;
}
