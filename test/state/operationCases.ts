import { FIELD, accountKeyOf, type PackedOperation } from "../../src/protocol/index.ts";
import { type Account, State } from "../../src/state/index.ts";
import { deposit, ETHER, forcedExit, forcedTransfer, GENESIS, userSecret } from "./fixtures.ts";

/** What an operation does: all that it says, only let a deposit out again, or nothing. */
export type Effect = "applies" | "exits" | "nothing";

/** An operation on the genesis state with some accounts changed. */
export interface OperationCase {
  readonly name: string;
  readonly operation: PackedOperation;
  readonly effect: Effect;
  readonly before: State;
}

export const MOST = 2n ** 96n - 1n;
/** The greatest amount that an operation can name, far more than an account holds. */
export const HUGE = (2n ** 27n - 1n) * 10n ** 31n;

type Changes = Readonly<Record<number, Partial<Account>>>;

/** Genesis with some accounts changed. */
export function genesisWith(changes: Changes): State {
  return State.ofGenesis({
    ...GENESIS,
    accounts: GENESIS.accounts.map((account, i) => ({ ...account, ...changes[i + 1] })),
  });
}

const cases = (effect: Effect, rows: readonly (readonly [string, PackedOperation, Changes?])[]): OperationCase[] =>
  rows.map(([name, operation, changes = {}]) => ({ name, operation, effect, before: genesisWith(changes) }));

const DEPOSITS: readonly OperationCase[] = [
  ...cases("applies", [
    ["to a new account", deposit(9, { l1Owner: 77n })],
    ["to an account with the same key and owner", deposit(2), { 2: { nonce: 5n } }],
    ["at the last index", deposit(255)],
    ["that fills an account", deposit(2), { 2: { balance: MOST - ETHER } }],
  ]),
  ...cases("exits", [
    ["to another's account", deposit(2, { key: 5n })],
    ["to an account that somebody else opened with the depositor's key", deposit(2, { l1Owner: 77n })],
    ["of one wei too much for the account", deposit(2), { 2: { balance: MOST - ETHER + 1n } }],
    ["of more than an account holds", deposit(9, { amount: HUGE })],
    ["of 2^96 wei and more to a new account", deposit(9, { amount: 10n ** 29n })],
    [
      "at an index beyond the tree, whose low bits name account 1",
      deposit(257, { key: accountKeyOf(userSecret(1)), l1Owner: 1n }),
    ],
    ["at an index beyond the tree, whose low bits name account 0", deposit(256)],
    ["at the largest index", deposit(65_535)],
  ]),
];

const FORCED_TRANSFERS: readonly OperationCase[] = [
  ...cases("applies", [
    ["between existing accounts", forcedTransfer(1, 2)],
    [
      "of a balance to the last wei, which fills an account",
      forcedTransfer(1, 2),
      { 1: { balance: ETHER }, 2: { balance: MOST - ETHER } },
    ],
  ]),
  ...cases("nothing", [
    ["from somebody else's account", forcedTransfer(1, 2, { l1Owner: 2n })],
    ["from an account that does not exist", forcedTransfer(9, 2)],
    ["from an account without an owner", forcedTransfer(1, 2), { 1: { l1Owner: 0n } }],
    ["of one wei more than the balance", forcedTransfer(1, 2), { 1: { balance: ETHER - 1n } }],
    ["of more than any account holds", forcedTransfer(1, 2, { amount: HUGE })],
    ["to an account that does not exist", forcedTransfer(1, 9)],
    ["to an account without room", forcedTransfer(1, 2), { 2: { balance: MOST - ETHER + 1n } }],
    ["to oneself", forcedTransfer(1, 1)],
    ["to oneself, of half of what fits", forcedTransfer(1, 1, { amount: 5n * 10n ** 28n }), { 1: { balance: MOST } }],
    ["from an index beyond the tree, whose low bits name account 1", forcedTransfer(257, 2, { l1Owner: 1n })],
    ["to an index beyond the tree, whose low bits name account 2", forcedTransfer(1, 258)],
    ["to an index beyond the tree, whose low bits name the sender", forcedTransfer(1, 257)],
    ["to an index beyond the tree, whose low bits name account 0", forcedTransfer(1, 256)],
  ]),
];

const FORCED_EXITS: readonly OperationCase[] = [
  ...cases("applies", [
    ["of a part", forcedExit(1)],
    ["of a balance to the last wei", forcedExit(1, { amount: 100n * ETHER })],
  ]),
  ...cases("nothing", [
    ["from somebody else's account", forcedExit(1, { l1Owner: 2n })],
    ["from an account that does not exist", forcedExit(9)],
    ["of one wei more than the balance", forcedExit(1), { 1: { balance: ETHER - 1n } }],
    ["of more than any account holds", forcedExit(1, { amount: HUGE })],
    ["from an index beyond the tree, whose low bits name account 1", forcedExit(257, { l1Owner: 1n })],
    ["from an index beyond the tree, whose low bits name account 0", forcedExit(256)],
  ]),
];

const OWNER_1 = 1n << 16n;
const ONE_WEI = 32n << 176n;
const at = (from: bigint, to: bigint): bigint => (from << 224n) | (to << 208n);
const twin = accountKeyOf(userSecret(2)) + FIELD;

/** Words that the bridge never posts: there is an outcome nevertheless. */
const UNPOSTED: readonly OperationCase[] = [
  ...cases("applies", [
    ["a deposit with a key beyond the field", [(deposit(2)[0] & ~0xffffn) | (twin >> 240n), BigInt.asUintN(240, twin)]],
    ["a forced exit with a key", [forcedExit(1)[0], 5n]],
    ["a forced transfer with a key", [forcedTransfer(1, 2)[0] | 3n, 5n]],
  ]),
  ...cases("exits", [
    ["a deposit without a key to a new account", [OWNER_1 | at(0n, 9n) | ONE_WEI, 0n]],
    ["a deposit without a key to an account", [OWNER_1 | at(0n, 2n) | ONE_WEI, 0n]],
  ]),
  ...cases("nothing", [
    ["an amount for nobody", [OWNER_1 | ONE_WEI, 5n]],
    ["a forced exit for nobody of an account without an owner", [at(1n, 0n) | ONE_WEI, 0n], { 1: { l1Owner: 0n } }],
    ["a forced transfer for nobody of an account without an owner", [at(1n, 2n) | ONE_WEI, 0n], { 1: { l1Owner: 0n } }],
    ["a forced exit for nobody of account 0", [at(256n, 0n) | ONE_WEI, 0n]],
  ]),
];

/** All of them, by kind. */
export const OPERATION_CASES: Readonly<Record<string, readonly OperationCase[]>> = {
  deposit: DEPOSITS,
  "forced transfer": FORCED_TRANSFERS,
  "forced exit": FORCED_EXITS,
  "words that the bridge never posts": UNPOSTED,
};
