import { computeAddress, type ContractTransactionResponse, type Signer } from "ethers";
import { transfer } from "../chain/actions/transfer.ts";
import type { ChainClient } from "../chain/client.ts";
import { transact } from "../chain/transact.ts";
import { developmentKeys } from "./genesis.ts";

const ETHER = 10n ** 18n;

/** What an account for development gets that has nothing, wei. */
const GIFT = { ether: 10n * ETHER, tokens: 1_000n * ETHER };

/**
 * Gives the accounts for development what they need on L1 to be tried out. Most nodes for development give them ether;
 * geth knows them not. Who has something gets nothing.
 * @param deployer holds all tokens
 * @returns how many transactions that took
 */
export async function endowDevelopmentAccounts(client: ChainClient, deployer: Signer): Promise<number> {
  const addresses = developmentKeys().map(computeAddress);
  const balances = await Promise.all(
    addresses.map(async (address) => ({
      address,
      ether: await client.provider.getBalance(address),
      tokens: await client.token.balanceOf(address),
    })),
  );
  const gifts = balances.flatMap(({ address, ether, tokens }) => [
    ...(ether > 0n ? [] : [giveEther(deployer, address)]),
    ...(tokens > 0n ? [] : [transfer(client, deployer, address, GIFT.tokens)]),
  ]);
  return (await Promise.all(gifts)).length;
}

async function giveEther(deployer: Signer, to: string): Promise<void> {
  await transact("transfer", deployer, async (sender, { nonce }) => {
    const sent: unknown = await sender.sendTransaction({ to, value: GIFT.ether, nonce: Number(nonce) });
    return sent as ContractTransactionResponse;
  });
}
