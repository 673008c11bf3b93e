import { computeAddress } from "ethers";
import { transfer } from "../chain/actions/transfer.ts";
import type { ChainClient } from "../chain/client.ts";
import { type From, send } from "../chain/tx/index.ts";
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
export async function endowDevelopmentAccounts(client: ChainClient, deployer: From): Promise<number> {
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

async function giveEther(deployer: From, to: string): Promise<void> {
  await send("transfer", deployer, { to, data: "0x", value: GIFT.ether });
}
