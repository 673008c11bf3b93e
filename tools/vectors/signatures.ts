import {
  keyHash,
  keyOwnershipPublicInputs,
  packVote,
  publicKey,
  signVote,
  SUBGROUP_ORDER,
  voteMessage,
  vrfBeta,
} from "../../src/protocol/index.ts";
import { address, type Case, domain, element, random, secrets } from "./case.ts";

export function keysAndVrf(): Case[] {
  return [1n, 2n, SUBGROUP_ORDER - 1n, ...secrets.slice(0, 3)].map((secret, i) => {
    const key = publicKey(secret);
    const seed = i % 2 === 0 ? element(`seed ${i}`) : 0n;
    const owner = address(`owner ${i}`);
    const statement = { key: keyHash(key), owner: BigInt(owner), domain, seed, beta: vrfBeta(secret, seed) };
    return { secret, x: key.x, y: key.y, ...statement, publicInputs: keyOwnershipPublicInputs(statement) };
  });
}

export function votes(): Case[] {
  return [
    { depth: 0, index: 0, capacity: 1, minBurnBid: 0n },
    { depth: 2, index: 3, capacity: 7, minBurnBid: 250n },
    { depth: 255, index: 2 ** 32 - 1, capacity: 65_535, minBurnBid: 2n ** 64n - 1n },
  ].map((place, i) => {
    const terms = { ...place, proposalId: random(`vote ${i}`, 248) };
    const { key, signature } = signVote(secrets[i]!, terms);
    return {
      ...terms,
      secret: secrets[i]!,
      packed: packVote(terms),
      message: voteMessage(terms),
      keyX: key.x,
      keyY: key.y,
      r8x: signature.r8.x,
      r8y: signature.r8.y,
      s: signature.s,
    };
  });
}
