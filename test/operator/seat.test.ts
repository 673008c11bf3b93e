import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { LaneBusyError, SmallDepositError, withdrawSeat } from "../../src/operator/seat.ts";
import { operatorKeys } from "../../src/operator/keys.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { createMadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript } from "../../src/sim/madeUpBlock.ts";
import { expectRejection } from "../support/expectRejection.ts";

const profile = PROFILES.dev;
const PROVERS = 4;

describe("a seat's deposits", () => {
  it("that back a commit stay, and it is said which, and until when", async () => {
    const world = await createMadeUpWorld(await hre.network.create(), { profile, provers: PROVERS, proposers: 1 });
    const { client } = world;
    const [proposer] = world.proposers;
    const transcript = fullTranscript(profile, PROVERS);
    const block = await draftBlock(world, { proposer: proposer!, burnBid: 1_000n, transcript, elements: 2 });
    await actions.commit(client, proposer!, block);
    const { acceptanceEnds } = await actions.getRoundState(client);
    const keys = { ...operatorKeys(`0x${"11".repeat(32)}`), address: proposer!.address };
    const context = { client, signer: proposer!, keys };

    const { message } = await expectRejection(withdrawSeat(context, ["odd"]), LaneBusyError, "for odd heights backs");
    const end = new Date(Number(acceptanceEnds) * 1_000).toISOString();
    expect(message).to.contain(`height 1 attempt 1, ends at ${end}`);
    const { deposit } = await actions.getLane(client, proposer!.address, 0);
    const tooMuch = withdrawSeat(context, ["even"], (deposit + 1n) * BID_UNIT);
    await expectRejection(tooMuch, SmallDepositError, "nothing was taken back");
    expect((await actions.getLane(client, proposer!.address, 0)).deposit).to.equal(deposit);
    const [even] = await withdrawSeat(context, ["even"]);
    expect(even!.lane).to.equal("even");
    expect((await actions.getLane(client, proposer!.address, 0)).deposit).to.equal(0n);
  });
});
