import { expect } from "chai";
import { ZeroHash } from "ethers";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { signTransfer } from "../../src/protocol/transfer.ts";
import { gossipView, Hearing } from "../../src/roles/hearing.ts";
import { genesisRoot } from "../../src/state/state.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { SyncedState } from "../../src/sync/syncedState.ts";
import { DEPLOYMENT } from "../api/offline.ts";
import { GENESIS, PROFILE } from "../state/fixtures.ts";
import { l1Of } from "./views.ts";

describe("what a role has heard", () => {
  it("holds no more transfers than a pool, however long nobody looks at them", () => {
    const hearing = new Hearing();
    const message = signTransfer(secretKeyFromSeed("user"), 1n, { from: 1, to: 2, amount: 1n, fee: 1n }, 0n);
    for (let i = 0; i < 20_000; i++) hearing.hear({ topic: "transactions", message });
    expect(hearing.transfers.length).to.equal(16_384);
  });
});

describe("what a node says of messages by", () => {
  it("is good until it is made anew, also where a height becomes final or is taken back meanwhile", async () => {
    const deployment = { ...DEPLOYMENT, genesis: { root: genesisRoot(GENESIS), supply: 0n } };
    const synced = await SyncedState.open(new MemoryStore(), deployment, () => Promise.resolve(GENESIS.accounts));
    const rollup = { chainId: 1n, rollup: "0x", domain: 1n, profile: PROFILE, minBid: 1n };
    const view = gossipView(l1Of("Proposing"), new Map(), rollup, () => synced.state);
    const known = view.account(1);
    expect(known?.key).to.equal(GENESIS.accounts[0]!.key);
    await synced.noteScanned({ number: 5, hash: ZeroHash });
    expect(view.account(1)).to.deep.equal(known);
  });
});
