import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readDeployment, writeDeployment } from "../../src/chain/deployment.ts";
import { DeploymentFileError } from "../../src/chain/errors.ts";
import { DEPLOYMENT } from "../support/deploymentFile.ts";

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
