import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Deployment, readDeployment, writeDeployment } from "../../src/chain/deployment.ts";
import { DeploymentFileError } from "../../src/chain/errors.ts";
import { PROFILES } from "../../src/protocol/profile.ts";

const DEPLOYMENT: Deployment = {
  version: 5,
  chainId: 31_337n,
  genesisBlock: `0x${"ab".repeat(32)}`,
  started: { number: 8, hash: `0x${"cd".repeat(32)}` },
  contracts: {
    rollup: "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9",
    registry: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
    court: "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6",
    token: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    verifier: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
    parts: "0x610178dA211FEF7D417bC0e6FeD39F05609AD788",
    blobVerifier: "0x9A676e781A523b5d0C0e43731313A708CB607508",
    bridge: "0xB7f8BC63BbcaD18155201308C8f3540b07f84F5e",
    claimVerifier: "0xA51c1fc2f0D1a1b8494Ed1FE312d7C3a78Ed91C0",
    asset: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    scorer: "0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9",
    roundView: "0x5FC8d32690cc91D4c39d9d3abcBD16989F875707",
    relay: "0x0165878A594ca255338adfa4d48449f69242Eb8F",
    bulletin: "0xa513E6E4b8f2a923D98304ec87F64353C4D5C853",
    ranking: "0x8A791620dd6260079BF849Dc5567aDC3F2FdC318",
  },
  asset: { symbol: "B52", decimals: 18 },
  domain: (1n << 248n) - 1n,
  profile: PROFILES.dev,

  genesis: { root: 1n, supply: 10n ** 24n },
};

describe("deployment file", () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-deployment-"));
    path = join(folder, "new folder", "deployment.json");
  });
  after(() => rm(folder, { recursive: true }));

  it("is read as it was written", async () => {
    await writeDeployment(path, DEPLOYMENT);
    expect(await readDeployment(path)).to.deep.equal(DEPLOYMENT);
  });

  it("may begin with a mark, as editors write it", async () => {
    const marked = join(folder, "marked.json");
    await writeFile(marked, `\ufeff${await readFile(path, "utf8")}`);
    expect(await readDeployment(marked)).to.deep.equal(DEPLOYMENT);
  });

  const fault = async (changed: object): Promise<string> => {
    const file = join(folder, "changed.json");
    await writeFile(file, JSON.stringify(changed));
    const error = await readDeployment(file).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DeploymentFileError);
    return (error as Error).message.slice(file.length + " is not a usable deployment file: ".length);
  };

  it("is refused with the field that is wrong", async () => {
    const good = JSON.parse(await readFile(path, "utf8")) as Record<string, Record<string, unknown>>;
    expect(await fault({ ...good, contracts: { ...good["contracts"], token: "0x1234" } })).to.equal(
      "contracts.token: expected an Ethereum address",
    );
    expect(await fault({ ...good, chainId: 31337 })).to.match(/^chainId: /);
    expect(await fault({ ...good, domain: "-1" })).to.equal("domain: expected a decimal number");
    expect(await fault({ ...good, genesisBlock: "0x12" })).to.match(/^genesisBlock: expected 0x and 64/);
    expect(await fault({ ...good, profile: { ...good["profile"], arity: 2.5 } })).to.match(/^profile\.arity: /);
    expect(await fault({ ...good, version: 4 })).to.match(/^version: expected 5 /);
    expect(await fault({ ...good, asset: { symbol: "B52" } })).to.match(/^asset\.decimals: /);
    expect(await fault({ ...good, asset: { symbol: "B52", decimals: -1 } })).to.match(/^asset\.decimals: /);
    expect(await fault({ ...good, surplus: 1 })).to.match(/surplus/);
    expect(await fault([])).to.match(/^it: /);
  });

  it("is refused when it was cut off", async () => {
    const file = join(folder, "cut.json");
    await writeFile(file, (await readFile(path, "utf8")).slice(0, -20));
    const error = await readDeployment(file).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).to.equal(`${file} is not a usable deployment file: it is not JSON`);
  });
});
