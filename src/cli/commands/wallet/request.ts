import type { RollupFlags } from "../../rollup.ts";
import type { WalletRequest } from "../../../wallet/request.ts";

/** What a user asks for, with amounts as they are written. */
interface WrittenRequest extends Omit<WalletRequest, "amount"> {
  readonly text: string;
  readonly fee?: string;
}

/**
 * What is asked for in wei: what is wrong with it is said before a password is asked for, and before L1 is.
 * @throws {MalformedError} @throws {UnrepresentableAmountError} and see `checkRequest`
 */
export async function readRequest(
  { deployment: file }: Pick<RollupFlags, "deployment">,
  { text, fee = "0", ...request }: WrittenRequest,
): Promise<{ readonly amount: bigint; readonly fee: bigint }> {
  const [{ readDeployment }, { parseAmount, parseFee }, { checkRequest }] = await Promise.all([
    import("../../../chain/deployment.ts"),
    import("../../../wallet/amount.ts"),
    import("../../../wallet/request.ts"),
  ]);
  const deployment = await readDeployment(file);
  const amount = parseAmount(text, deployment.asset);
  const read = { amount, fee: parseFee(fee, deployment.asset) };
  checkRequest(deployment, { ...request, amount });
  return read;
}
