import type { z } from "zod";
import { toHex32 } from "../../protocol/hex.ts";
import type { L1Prover, L1View } from "../../roles/index.ts";
import type { Sql } from "../index/sql.ts";
import { readWork } from "../index/work.ts";
import type { prover } from "../schema/index.ts";
import { type Page, pageOfList, type PageQuery } from "./page.ts";

type Prover = z.infer<typeof prover>;

/** All provers by index. */
export function readProvers(sql: Sql, { provers }: Pick<L1View, "provers">, query: PageQuery): Page<Prover> {
  return pageOfList(query, provers, (each) => proverOf(sql, each));
}

export function readProver(sql: Sql, { provers }: Pick<L1View, "provers">, index: number): Prover | undefined {
  const found = provers.find((each) => each.index === index);
  return found && proverOf(sql, found);
}

function proverOf(sql: Sql, { index, key, owner, stake, isEligible }: L1Prover): Prover {
  const { blocks, assigned, voted, delivered, fulfilled } = readWork(sql, index);
  const charged = sql.get<{ slashes: number; burnt: string }>(
    "SELECT slashes, burnt FROM burns WHERE prover = ? ORDER BY at DESC LIMIT 1",
    index,
  );
  const earned = sql.get<{ claimed: string }>(
    "SELECT claimed FROM claims WHERE prover = ? ORDER BY at DESC LIMIT 1",
    index,
  );
  return {
    ...{ index, key: toHex32(key), owner, stake: stake.toString(), isEligible },
    record: {
      ...{ blocks, assigned, voted, delivered, fulfilled },
      slashes: charged?.slashes ?? 0,
      burnt: charged?.burnt ?? "0",
      claimed: earned?.claimed ?? "0",
    },
  };
}
