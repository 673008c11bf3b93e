import { formatEther } from "ethers";

/** Wei as a readable number of tokens, not rounded. */
export function tokens(wei: bigint): string {
  return `${formatEther(wei).replace(/\.0$/, "")} B52`;
}
