import { expect } from "chai";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { cutElements } from "../../src/blobs/blob.ts";
import { type L1View, Ledger, type LedgerPorts } from "../../src/roles/index.ts";
import { executeBlock } from "../../src/state/executor.ts";
import { genesisState, RULES, transfer } from "../state/fixtures.ts";
import { commitOf, l1Of } from "./views.ts";

describe("the ledger of a node", () => {
  it("takes a block for provable only if its order says what executing it gives", async () => {
    const state = genesisState();
    const { data, txsRoot, txCount } = executeBlock(state, [], [transfer(1, 2, 0)], RULES);
    const [sidecar] = await Promise.all(cutElements(data.elements).map(makeSidecar));
    const { blob, versionedHash } = sidecar!;
    const parent = 9n;
    const orders = [
      { txsRoot, txCount },
      { txsRoot: txsRoot + 1n, txCount },
      { txsRoot, txCount: txCount + 1n },
    ];
    const open = orders.map((order, i) => ({
      ...commitOf({ proposalId: BigInt(i), parent }),
      reveal: { ...order, blobHashes: [versionedHash] },
    }));
    const l1: L1View = l1Of("Revealing", { open });
    const ports = { synced: { head: { proposalId: parent }, state }, blobs: { get: () => Promise.resolve(blob) } };
    const ledger = new Ledger(RULES, ports as unknown as LedgerPorts);
    await ledger.learn(l1, { warn: (_, line) => expect.fail(line) });
    const isProvable = orders.map((_, i) => ledger.executed(BigInt(i)) !== undefined);
    expect(isProvable).to.deep.equal([true, false, false]);
  });
});
