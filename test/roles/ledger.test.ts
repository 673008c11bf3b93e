import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import { MalformedError } from "../../src/protocol/errors.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { cutElements } from "../../src/blobs/blob.ts";
import { BLOB_PATIENCE, type L1View, Ledger, type LedgerPorts } from "../../src/roles/index.ts";
import { executeBlock } from "../../src/state/executor.ts";
import { genesisRoot } from "../../src/state/state.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { SyncedState } from "../../src/sync/syncedState.ts";
import { DEPLOYMENT } from "../api/offline.ts";
import { GENESIS, genesisState, RULES, transfer } from "../state/fixtures.ts";
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

  it("executes blocks anew when something was noted of L1 and the final block has stayed", async () => {
    const deployment = { ...DEPLOYMENT, genesis: { root: genesisRoot(GENESIS), supply: 0n } };
    const synced = await SyncedState.open(new MemoryStore(), deployment, () => Promise.resolve(GENESIS.accounts));
    const ledger = new Ledger(RULES, { synced } as unknown as LedgerPorts);
    const parent = synced.head.proposalId;
    const { data, txsRoot, txCount } = executeBlock(synced.state, [], [transfer(1, 2, 0)], RULES);
    ledger.add({ proposalId: 1n, parent, txsRoot, txCount, data });
    const before = ledger.executed(1n)!;
    expect(ledger.executed(1n)).to.equal(before);
    const { root } = before.state;
    const next = executeBlock(before.state, [], [transfer(2, 3, 0)], RULES);
    ledger.add({ proposalId: 2n, parent: 1n, ...next }, next);

    // As when L1 was reorganised, and what it had decided is not decided yet again.
    await synced.noteScanned({ number: 5, hash: ZeroHash });
    expect(synced.head.proposalId).to.equal(parent);
    const on = executeBlock(ledger.stateAfter(2n)!, [], [transfer(3, 4, 0)], RULES);
    expect(on.txCount).to.equal(1n);
    expect(ledger.stateAfter(1n)!.root).to.equal(root);
  });

  it("waits once for blobs that nobody gives, and goes on when they come later", async () => {
    const state = genesisState();
    const { data, txsRoot, txCount } = executeBlock(state, [], [transfer(1, 2, 0)], RULES);
    const [sidecar] = await Promise.all(cutElements(data.elements).map(makeSidecar));
    const { blob, versionedHash } = sidecar!;
    const parent = 9n;
    const open = [
      { ...commitOf({ proposalId: 1n, parent }), reveal: { txsRoot, txCount, blobHashes: [versionedHash] } },
    ];
    let give = (_: Uint8Array): void => undefined;
    const later = new Promise<Uint8Array>((resolve) => (give = resolve));
    let times = 0;
    const get = (): Promise<Uint8Array> =>
      times++ === 0 ? Promise.reject(new BlobUnavailableError(versionedHash, ["nobody has it"])) : later;
    const warnings: string[] = [];
    const log = { warn: (code: string) => void warnings.push(code) };
    const ports = { synced: { head: { proposalId: parent }, state }, blobs: { get } };
    const ledger = new Ledger(RULES, ports as unknown as LedgerPorts);
    const at = (number: number): L1View => ({ ...l1Of("Revealing", { open }), block: { number, hash: `0x${number}` } });
    for (const number of [1, 1, 2, 3]) await ledger.learn(at(number), log);
    expect(ledger.block(1n)).to.equal(undefined);
    expect(times).to.equal(2);
    give(blob);
    await nextTurn();
    await ledger.learn(at(4), log);
    expect(ledger.executed(1n)).to.not.equal(undefined);
    expect(warnings, "honest blobs come a little later").to.deep.equal([]);
  });

  it("warns once of blobs that stay away for longer than honest ones", async () => {
    const reveal = { txsRoot: 1n, txCount: 1n, blobHashes: ["0x"] };
    const open = [{ ...commitOf({ proposalId: 1n, parent: 9n }), reveal }];
    const get = (): Promise<Uint8Array> => Promise.reject(new BlobUnavailableError("0x", ["nobody has it"]));
    const ports = { synced: { head: { proposalId: 9n } }, blobs: { get } } as unknown as LedgerPorts;
    const ledger = new Ledger(RULES, ports);
    const l1 = l1Of("Revealing", { open });
    const warned: bigint[] = [];
    for (const passed of [0n, 12n, BLOB_PATIENCE - 1n, BLOB_PATIENCE, BLOB_PATIENCE + 12n, 600n]) {
      const log = { warn: () => void warned.push(passed) };
      await ledger.learn({ ...l1, now: l1.now + passed, block: { number: 1, hash: `0x${passed}` } }, log);
      await nextTurn();
    }
    expect(warned).to.deep.equal([BLOB_PATIENCE]);
  });

  it("says of blobs that are none, also where nobody waits for them", async () => {
    const open = [
      { ...commitOf({ proposalId: 1n, parent: 9n }), reveal: { txsRoot: 1n, txCount: 1n, blobHashes: ["0x"] } },
    ];
    let times = 0;
    const get = (): Promise<Uint8Array> =>
      times++ === 0 ? Promise.reject(new BlobUnavailableError("0x", ["no"])) : Promise.resolve(new Uint8Array(3));
    const ledger = new Ledger(RULES, {
      synced: { head: { proposalId: 9n } },
      blobs: { get },
    } as unknown as LedgerPorts);
    const at = (number: number): L1View => ({ ...l1Of("Revealing", { open }), block: { number, hash: `0x${number}` } });
    const log = { warn: () => undefined };
    for (const number of [1, 2]) await ledger.learn(at(number), log);
    await nextTurn();
    await expectRejection(ledger.learn(at(3), log), MalformedError, "blob length");
  });
});
