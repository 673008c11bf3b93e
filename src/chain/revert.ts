import { type ErrorDescription, type ErrorFragment, Interface, isHexString, type Result, toBeHex } from "ethers";
import { B52Token__factory } from "../../typechain-types/factories/B52Token__factory.ts";
import { BlobVerifier__factory } from "../../typechain-types/factories/BlobVerifier__factory.ts";
import { Bridge__factory } from "../../typechain-types/factories/Bridge__factory.ts";
import { ClaimVerifier__factory } from "../../typechain-types/factories/ClaimVerifier__factory.ts";
import { CommitRanking__factory } from "../../typechain-types/factories/CommitRanking__factory.ts";
import { CommitRelay__factory } from "../../typechain-types/factories/CommitRelay__factory.ts";
import { ForestParts__factory } from "../../typechain-types/factories/ForestParts__factory.ts";
import { ForestVerifier__factory } from "../../typechain-types/factories/ForestVerifier__factory.ts";
import { ProverCourt__factory } from "../../typechain-types/factories/ProverCourt__factory.ts";
import { ProverRegistry__factory } from "../../typechain-types/factories/ProverRegistry__factory.ts";
import { Rollup__factory } from "../../typechain-types/factories/Rollup__factory.ts";
import { toHex32 } from "../protocol/hex.ts";
import { roundOf } from "../protocol/round.ts";
import { ContractError } from "./errors.ts";

/** Every error of every contract: one contract passes on what another one throws. */
const ERRORS = new Interface(
  [
    Rollup__factory,
    ProverRegistry__factory,
    ProverCourt__factory,
    CommitRelay__factory,
    CommitRanking__factory,
    B52Token__factory,
    ForestVerifier__factory,
    ForestParts__factory,
    BlobVerifier__factory,
    Bridge__factory,
    ClaimVerifier__factory,
  ].flatMap(({ abi }) => abi.filter((fragment) => fragment.type === "error")),
);

/**
 * The named error of a call that a contract refused; undefined when `failure` is something else (no connection, no
 * funds).
 * @param call what was called, for the message
 */
export function decodeRevert(call: string, failure: unknown): ContractError | undefined {
  const data = revertData(failure);
  if (data === undefined) return undefined;
  const options = { cause: failure };
  if (data === "0x") return new ContractError(call, "", {}, "no reason given", options);
  const parsed = parse(data);
  if (parsed === null)
    return new ContractError(call, data.slice(0, 10), {}, `unknown error ${data.slice(0, 10)}`, options);
  const args = namedArguments(parsed.fragment, parsed.args);
  return new ContractError(call, parsed.name, args, describe(parsed.name, args), options);
}

function parse(data: string): ErrorDescription | null {
  try {
    return ERRORS.parseError(data);
  } catch {
    return null; // the selector of one of our errors, with something else behind it
  }
}

/** Clients bury the data that a contract reverted with at different depths. */
function revertData(failure: unknown): string | undefined {
  if (typeof failure !== "object" || failure === null) return undefined;
  const { data, error, info, cause } = failure as Record<"data" | "error" | "info" | "cause", unknown>;
  if (isHexString(data)) return data;
  for (const inner of [data, error, info, cause]) {
    const found = revertData(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function namedArguments(fragment: ErrorFragment, args: Result): Record<string, unknown> {
  return Object.fromEntries(fragment.inputs.map(({ name }, i) => [name || `${i}`, args[i] as unknown]));
}

/** Arguments that name something, or are a hash of it: they are shown as the read API and explorers show them. */
const ID = /(proposalId|key)$/i;
const DIGEST = /digest$/i;
const DIGEST_BYTES = 24;

function shownArgument(name: string, value: unknown): string {
  if (typeof value !== "bigint") return String(value);
  if (DIGEST.test(name)) return toBeHex(value, DIGEST_BYTES);
  return ID.test(name) ? toHex32(value) : String(value);
}

/** `BidTooLow(1, 5)` becomes `bid too low (burnBid 1, minBid 5)`. */
function describe(name: string, args: Readonly<Record<string, unknown>>): string {
  if (name === "Error") return String(args["message"] ?? Object.values(args)[0]);
  const isRound = (key: string): boolean => key === "roundId" || ("roundId" in args && key === "expected");
  const values = Object.entries(args).map(
    ([key, value]) => `${key} ${isRound(key) ? roundName(value as bigint) : shownArgument(key, value)}`,
  );
  return values.length === 0 ? words(name) : `${words(name)} (${values.join(", ")})`;
}

function roundName(id: bigint): string {
  const { height, attempt } = roundOf(id);
  return `height ${height} attempt ${attempt}`;
}

/** `ERC20InsufficientBalance` becomes `ERC20 insufficient balance`. */
function words(name: string): string {
  return name
    .split(/(?<=[a-z0-9])(?=[A-Z])/)
    .map((word) => (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
}
