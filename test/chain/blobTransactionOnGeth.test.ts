import { GETH, startGeth } from "../support/testNode.ts";
import { describeBlobTransactions, overHttp } from "./describeBlobTransactions.ts";

// In a file of its own: what has tests left out is run again every time.
describeBlobTransactions("geth", GETH === undefined ? undefined : async () => overHttp(await startGeth(1)));
