import { formatEther } from "ethers";

/** Wei as a number of ether or tokens, as metrics have it. */
export const inEther = (wei: bigint): number => Number(formatEther(wei));
