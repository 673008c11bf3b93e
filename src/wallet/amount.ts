import { formatUnits, parseUnits } from "ethers";
import { MalformedError } from "../protocol/errors.ts";
import { AMOUNT_MANTISSA_BITS, FEE_MANTISSA_BITS, nearestFloats } from "../protocol/float.ts";
import { BALANCE_BITS } from "../state/account.ts";
import { NoAmountError, UnrepresentableAmountError } from "./errors.ts";

/** The token that the L2 pays in. */
export interface Asset {
  readonly symbol: string;
  readonly decimals: number;
}

/**
 * Wei of an amount in whole tokens.
 * @throws {MalformedError}
 * @throws {UnrepresentableAmountError} naming the nearest amounts that can be sent
 */
export const parseAmount = (text: string, asset: Asset): bigint => parse("amount", text, asset, AMOUNT_MANTISSA_BITS);

/** {@link parseAmount} of a transfer's fee, which has fewer digits. */
export const parseFee = (text: string, asset: Asset): bigint => parse("fee", text, asset, FEE_MANTISSA_BITS);

/** Wei of a number of whole tokens, however many. @throws {MalformedError} */
export function parseTokens(name: string, text: string, decimals: number): bigint {
  const format = /^\d+(\.\d+)?$/.exec(text);
  if (format === null || (format[1]?.length ?? 1) - 1 > decimals) {
    // In quotes, so that nothing and blanks are seen.
    throw new MalformedError(
      name,
      JSON.stringify(text),
      `a number of whole tokens with at most ${decimals} decimal places`,
    );
  }
  return parseUnits(text, decimals);
}

/** An amount with its token's name. */
export const formatAmount = (wei: bigint, { symbol, decimals }: Asset): string =>
  `${formatUnits(wei, decimals).replace(/\.0$/, "")} ${symbol}`;

/**
 * Refuses 0: L1 takes no such deposit, and a transfer or a forced operation of 0 would only cost its fee.
 * @throws {NoAmountError}
 */
export function requireAmount(wei: bigint, asset: Asset): void {
  if (wei === 0n) throw new NoAmountError(formatAmount(0n, asset), formatAmount(1n, asset));
}

function parse(name: string, text: string, { decimals }: Asset, mantissaBits: number): bigint {
  const wei = parseTokens(name, text, decimals);
  const show = (value: bigint): string => formatUnits(value, decimals).replace(/\.0$/, "");
  const { below: most } = nearestFloats((1n << BigInt(BALANCE_BITS)) - 1n, mantissaBits);
  if (wei > most) throw new UnrepresentableAmountError(name, text, show(most), undefined);
  const { below, above } = nearestFloats(wei, mantissaBits);
  if (below === wei) return wei;
  throw new UnrepresentableAmountError(name, text, show(below), above === undefined ? undefined : show(above));
}
