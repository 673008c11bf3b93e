import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Provider, ZeroAddress } from "ethers";
import { type Deployment, readDeployment } from "../../src/chain/deployment.ts";
import { DeploymentTakenError, livingIn, replaceBook } from "../../src/deploy/addressBook.ts";
import { DEPLOYMENT } from "../support/deploymentFile.ts";

/** A node of the chain of a deployment. @param changed what is otherwise there */
const nodeOf = ({ chainId, genesisBlock, started }: Deployment, changed: Partial<Deployment> = {}) =>
  ({
    getNetwork: () => Promise.resolve({ chainId: changed.chainId ?? chainId }),
    getBlock: (number: number) => {
      if (number === 0) return Promise.resolve({ hash: genesisBlock });
      return Promise.resolve(number === started.number ? { hash: (changed.started ?? started).hash } : null);
    },
  }) as unknown as Provider;

describe("the deployment file of another rollup", () => {
  const local = { ...DEPLOYMENT, chainId: 31_337n, started: { number: 7, hash: `0x${"1".repeat(64)}` } };
  const restarted = { number: 7, hash: `0x${"2".repeat(64)}` };
  const other = { ...local, contracts: { ...local.contracts, rollup: ZeroAddress } };
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-book-"));
    path = join(folder, "deployment.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("must not be forgotten while its chain is there, or may be elsewhere", async () => {
    expect(await livingIn(path, nodeOf(local))).to.equal(undefined);
    await replaceBook(path, local);
    expect(await livingIn(path, nodeOf(local))).to.deep.equal(local);
    expect(await livingIn(path, nodeOf(local, { started: restarted })), "begun anew").to.equal(undefined);
    expect(await livingIn(path, nodeOf({ ...local, started: { ...restarted, number: 8 } })), "shorter").to.equal(
      undefined,
    );
    expect(await livingIn(path, nodeOf(local, { chainId: 1_337n })), "another one").to.equal(undefined);
    const real = { ...local, chainId: 1n };
    await replaceBook(path, real);
    expect(await livingIn(path, nodeOf(local)), "of a public chain").to.deep.equal(real);
    expect(new DeploymentTakenError(path, real).message).to.equal(
      `${path} is that of rollup ${real.contracts.rollup} on chain 1, expected a file for another one: name it with ` +
        "--deployment OTHER",
    );
  });

  it("is kept beside the new one, that of the same rollup is not, and neither is nothing", async () => {
    expect(await replaceBook(path, local)).to.equal(undefined);
    expect(await replaceBook(path, local)).to.equal(undefined);
    expect(await replaceBook(path, other)).to.equal(`${path}.old`);
    expect(await readDeployment(path)).to.deep.equal(other);
    expect(await readDeployment(`${path}.old`)).to.deep.equal(local);
    await writeFile(path, "{}");
    expect(await livingIn(path, nodeOf(local))).to.equal(undefined);
    expect(await replaceBook(path, other)).to.equal(`${path}.old`);
    expect(await readFile(`${path}.old`, "utf8")).to.equal("{}");
  });
});
