import { expect } from "chai";
import type { Provider, Signer } from "ethers";
import hre from "hardhat";
import { addStake, requestExit } from "../../../src/chain/actions/index.ts";
import type { From } from "../../../src/chain/tx/index.ts";
import { PROFILES } from "../../../src/protocol/profile.ts";
import { createMadeUpWorld, registerKey } from "../../../src/sim/madeUp.ts";
import { takenBack } from "../../support/takenBack.ts";

const INDEX = 2;

/** A signer of the node, who does something between the estimate of a transaction and sending it. */
function signerThat(acts: () => Promise<unknown>, { provider, address }: Signer & { address: string }): Signer {
  const own = {
    async estimateGas(...args: Parameters<Provider["estimateGas"]>): Promise<bigint> {
      const estimate = await provider!.estimateGas(...args);
      await acts();
      return estimate;
    },
  };
  const watched = new Proxy(provider!, {
    get(target, name) {
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { provider: watched, getAddress: () => Promise.resolve(address) } as unknown as Signer;
}

// A checkpoint of the registry costs less in the second of the one before.
describe("a transaction whose gas was estimated in the second of the one before, and that comes later", () => {
  const begin = takenBack(async () =>
    createMadeUpWorld(await hre.network.create({ override: { allowBlocksWithSameTimestamp: true } }), {
      ...{ profile: PROFILES.dev, provers: INDEX - 1, proposers: 0 },
    }),
  );

  async function afterRegistering(act: (world: Awaited<ReturnType<typeof begin>>, from: From) => Promise<unknown>) {
    const world = await begin();
    const { time } = world.connection.networkHelpers;
    const at = (await time.latest()) + 10;
    await time.setNextBlockTimestamp(at);
    await registerKey(world, 1n);
    await time.setNextBlockTimestamp(at);
    const later = (): Promise<void> => time.setNextBlockTimestamp(at + 1);
    await act(world, signerThat(later, world.deployer));
    expect(await time.latest()).to.equal(at + 1);
    return world.client.registry.proverOf(INDEX);
  }

  it("adds to a stake", async () => {
    const { stake } = await afterRegistering(({ client }, from) => addStake(client, from, INDEX, 1n));
    expect(stake).to.equal(10n ** 20n + 1n);
  });

  it("asks for an exit", async () => {
    const { withdrawableAt } = await afterRegistering(({ client }, from) => requestExit(client, from, INDEX));
    expect(withdrawableAt).to.be.greaterThan(0n);
  });
});
