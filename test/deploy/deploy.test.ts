import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import hre from "hardhat";
import type { RequestArguments } from "hardhat/types/providers";
import { assertCommonKeyAllowed } from "../../src/deploy/developmentKeys.ts";
import { deployModule, deployRollup } from "../../src/deploy/deploy.ts";
import {
  developmentAccounts,
  developmentKeys,
  GenesisFileError,
  genesisOf,
  readGenesisAccounts,
} from "../../src/deploy/genesis.ts";
import {
  economicsOf,
  GenesisSupplyError,
  moduleParameters,
  parameterFile,
  parametersOf,
  profileKeys,
  type DeploymentPlan,
  type Economics,
} from "../../src/deploy/parameters.ts";
import { readDeployment } from "../../src/chain/deployment.ts";
import { connectRollup } from "../../src/chain/client.ts";
import { getRoundState } from "../../src/chain/actions/getRoundState.ts";
import { BURN_RULE } from "../../src/protocol/burns.ts";
import { packSizeRule } from "../../src/protocol/policies/index.ts";
import { PlainScore__factory, Rollup__factory } from "../../typechain-types/index.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { isPublicKey, pointsAt } from "../../src/protocol/eddsa.ts";
import { FIELD } from "../../src/protocol/field.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { elementsPerBase, PROFILES, type Profile } from "../../src/protocol/profile.ts";
import { DevelopmentKeysError } from "../../src/proving/errors.ts";
import { loadProfileBuild } from "../../src/setup/profileBuild.ts";
import { projectPath } from "../../src/setup/project.ts";
import { runHardhat } from "../../src/setup/node.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { createSetup } from "../../src/sim/trapdoorForest.ts";
import { encodedKeys } from "../../src/sim/verifierArguments.ts";
import { Random } from "../../src/sim/random.ts";
import { findGenesis } from "../../src/sync/genesis.ts";
import { walletKeys } from "../../src/wallet/keys.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import { encodeCircuit, randomCircuit } from "../../src/sim/trapdoor.ts";

const profile = PROFILES.dev;

/** The smallest y coordinates of no point, and of a point that is not of the prime subgroup. */
const NO_POINT = firstY((y) => pointsAt(y).length === 0);
const TORSION = firstY((y) => pointsAt(y).length === 2 && !pointsAt(y).some(isPublicKey));

function firstY(is: (y: bigint) => boolean): bigint {
  let y = 2n;
  while (!is(y)) y++;
  return y;
}

const genesisEntry = { key: toHex32(developmentAccounts(1)[0]!.key), balance: "5", l1Owner: `0x${"11".repeat(20)}` };

async function developmentPlan(): Promise<DeploymentPlan> {
  return {
    profile,
    keys: profileKeys(await loadProfileBuild(profile)),
    genesis: genesisOf(profile, developmentAccounts()),
    economics: economicsOf(profile),
  };
}

describe("deployment", () => {
  let node: TestNode | undefined;
  let plan: DeploymentPlan;
  /** What Ignition's journals of this chain begin with. */
  let journal = "b52-none";

  before(async () => {
    plan = await developmentPlan();
    node = await startNode();
  });
  after(async () => {
    await node?.stop();
    const folder = projectPath("deploy", "deployments");
    for (const name of await readdir(folder)) {
      if (name.startsWith(journal)) await rm(join(folder, name), { recursive: true });
    }
  });

  const connect = (url: string) => hre.network.create({ network: "rpc", override: { url } });

  it("deploys, binds, funds and starts, and does nothing when it is run again", async () => {
    const connection = await connect(node!.url);
    const { provider } = connection.ethers;
    const first = await deployRollup(connection, plan);
    journal = `b52-${first.chainId}-${first.genesisBlock.slice(2, 10)}`;

    const client = await connectRollup(provider, first);
    const { rollup, registry, token, bridge } = first.contracts;
    expect(first.asset).to.deep.equal({
      symbol: await client.asset.symbol(),
      decimals: Number(await client.asset.decimals()),
    });
    expect(await client.token.minter()).to.equal(rollup);
    expect(await client.registry.rollup()).to.equal(rollup);
    expect(await client.registry.court()).to.equal(first.contracts.court);
    expect(await client.court.rollup()).to.equal(rollup);
    expect(await client.rollup.scorer()).to.equal(first.contracts.scorer);
    expect(await client.rollup.relay()).to.equal(first.contracts.relay);
    expect(await client.rollup.token()).to.equal(token);
    expect(await client.rollup.registry()).to.equal(registry);
    expect(await client.bridge.rollup()).to.equal(rollup);
    expect(await client.bridge.claims()).to.equal(first.contracts.claimVerifier);
    expect(await client.rollup.bridge()).to.equal(bridge);
    expect(await client.rollup.parts()).to.equal(first.contracts.parts);
    expect(await client.rollup.blobVerifier()).to.equal(first.contracts.blobVerifier);
    expect(await client.token.balanceOf(bridge)).to.equal(plan.genesis.supply);
    expect(await client.bridge.backing()).to.equal(plan.genesis.supply);
    expect(await client.bridge.operationFee()).to.equal(plan.economics.operationFee);
    expect(await client.bridge.escapeDelay()).to.equal(BigInt(plan.economics.escapeDelay));
    expect(await client.rollup.elementsPerBase()).to.equal(BigInt(elementsPerBase(profile)));
    expect(await findGenesis(client), "the genesis is on L1").to.deep.equal(plan.genesis.accounts);
    expect(await client.rollup.slotCount()).to.equal(BigInt(slotCount(profile)));
    expect(await getRoundState(client)).to.deep.include({ phase: "Expired", commitRound: { height: 1, attempt: 1 } });

    const blocks = await provider.getBlockNumber();
    expect(await deployRollup(connection, plan)).to.deep.equal(first);
    expect(await provider.getBlockNumber(), "nothing new is sent").to.equal(blocks);

    const other = { ...plan, economics: { ...plan.economics, minBid: 7n } };
    const second = await deployRollup(connection, other);
    expect(second.contracts.rollup).to.not.equal(rollup);
    await connection.close();
  });

  it("is a command that says when it has found what it would deploy", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-deploy-"));
    const genesis = join(folder, "genesis.json");
    await writeFile(genesis, JSON.stringify([genesisEntry]));
    const deploy = async (book: string, ...options: string[]): Promise<{ said: string; written: string }> => {
      const path = join(folder, book);
      const { stderr } = await promisify(execFile)(
        process.execPath,
        [
          "--import",
          "./src/loader/register.mjs",
          "src/cli/main.ts",
          "deploy",
          "--rpc",
          node!.url,
          "--genesis",
          genesis,
          "--deployment",
          path,
          ...options,
        ],
        { cwd: projectPath() },
      );
      return { said: stderr, written: await readFile(path, "utf8") };
    };
    const found = "this rollup was on the chain already";
    const first = await deploy("first.json");
    expect(first.said)
      .to.match(/^1 of \d+: /m)
      .and.not.contain(found);
    const second = await deploy("second.json");
    expect(second.said)
      .to.contain(found)
      .and.not.match(/^\d+ of \d+: /m);
    expect(second.written).to.equal(first.written);

    const height = async (): Promise<number> => {
      const connection = await connect(node!.url);
      const blocks = await connection.ethers.provider.getBlockNumber();
      await connection.close();
      return blocks;
    };
    const before = await height();
    const taken = await deploy("first.json", "--preset", "testnet").catch(({ stderr }: { stderr: string }) => stderr);
    expect(taken).to.match(/^b52: .*first\.json is that of rollup 0x.*: name it with --deployment OTHER$/m);
    expect(await height(), "nothing is sent").to.equal(before);
    expect(await readFile(join(folder, "first.json"), "utf8")).to.equal(first.written);

    const testnet = await deploy("testnet.json", "--preset", "testnet");
    expect(testnet.said).to.match(/^1 of \d+: /m);
    const connection = await connect(node!.url);
    const windows = async (book: string): Promise<bigint[]> => {
      const deployment = await readDeployment(join(folder, book));
      const { rollup, court } = await connectRollup(connection.ethers.provider, deployment);
      return Promise.all([rollup.acceptanceWindow(), court.slashWindow()]);
    };
    expect(await windows("first.json")).to.deep.equal([480n, 1_200n]);
    expect(await windows("testnet.json")).to.deep.equal([2_400n, 86_400n]);
    await connection.close();
    await rm(folder, { recursive: true });
  });

  it("finishes when somebody else starts the rollup first", async () => {
    const connection = await connect(node!.url);
    const [, stranger] = await connection.ethers.getSigners();
    const data = Rollup__factory.createInterface().encodeFunctionData("start");
    const { provider } = connection;
    const request = provider.request.bind(provider);
    let isFirst = false;
    // Before the deployer's own call is simulated.
    provider.request = async (call: RequestArguments) => {
      const [transaction] = (call.params ?? []) as [{ data?: string; to?: string }?];
      if (!isFirst && transaction?.data === data) {
        isFirst = true;
        await stranger!.sendTransaction({ to: transaction.to!, data }).then((sent) => sent.wait());
      }
      return request(call) as Promise<unknown>;
    };
    const deployment = await deployRollup(connection, { ...plan, economics: { ...plan.economics, minBid: 11n } });
    expect(isFirst).to.equal(true);
    expect(await findGenesis(await connectRollup(connection.ethers.provider, deployment))).to.deep.equal(
      plan.genesis.accounts,
    );
    await connection.close();
  });

  it("refuses development keys on a chain that is not local, whoever asks", async () => {
    const publicNode = await startNode(5_555);
    try {
      const connection = await connect(publicNode.url);
      const error = await deployRollup(connection, plan).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(DevelopmentKeysError);
      expect((error as Error).message).to.match(/is a development key and chain 5555 is not local/);

      // Ignition looks beside the modules when it is given no parameters, and reads JSON5, which may break a key into
      // lines.
      const beside = projectPath("deploy", "B52.config.json");
      const broken = projectPath("build", "parameters", "broken.json5");
      const text = parameterFile(moduleParameters(plan));
      await writeFile(beside, text, { flag: "wx" });
      await writeFile(broken, text.replace(/"0x[0-9a-f]{8}/g, "$&\\\n"));
      process.env["B52_RPC_URL"] = publicNode.url;
      process.env["HARDHAT_IGNITION_CONFIRM_DEPLOYMENT"] = "false";
      try {
        for (const parameters of [["--parameters", "build/parameters/dev.json"], ["--parameters", broken], []]) {
          const args = ["ignition", "deploy", "deploy/modules/B52.ts", "--network", "rpc", ...parameters];
          const output: string[] = [];
          expect(await runHardhat(args, { onLine: (line) => output.push(line) })).to.equal(1);
          expect(output.join("\n")).to.match(/development key and chain 5555 is not local/);
        }
      } finally {
        delete process.env["B52_RPC_URL"];
        delete process.env["HARDHAT_IGNITION_CONFIRM_DEPLOYMENT"];
        await Promise.all([rm(beside), rm(broken)]);
      }

      const genesis = join(await mkdtemp(join(tmpdir(), "b52-public-")), "genesis.json");
      await writeFile(genesis, JSON.stringify([genesisEntry]));
      const { stderr } = (await promisify(execFile)(
        process.execPath,
        ["--import", "./src/loader/register.mjs", "src/cli/main.ts", "deploy", "--rpc", publicNode.url].concat([
          "--preset",
          "mainnet",
          "--genesis",
          genesis,
          "--deployment",
          `${genesis}.book`,
        ]),
        { cwd: projectPath() },
      ).catch((reason: unknown) => reason)) as { stderr: string };
      expect(stderr).to.match(/^b52: the key of \w+ is a development key and chain 5555 is not local/m);
      await rm(dirname(genesis), { recursive: true });
      expect(await connection.ethers.provider.getBlockNumber(), "nothing was sent").to.equal(0);
      await connection.close();
    } finally {
      await publicNode.stop();
    }
  });

  it("knows development keys by their bytes", () => {
    const { commonKey } = moduleParameters(plan);
    expect(() => assertCommonKeyAllowed(1n, String(commonKey))).to.throw(DevelopmentKeysError);
    expect(() => assertCommonKeyAllowed(31_337n, String(commonKey))).to.not.throw();
    expect(() => assertCommonKeyAllowed(1n, `0x${"01".repeat(320)}`)).to.not.throw();
  });

  for (const shape of [
    { arity: 2, levels: 1 },
    { arity: 4, levels: 2 },
    { arity: 16, levels: 1 },
  ]) {
    it(`deploys any profile: arity ${shape.arity}, ${shape.levels} level(s)`, async () => {
      const wanted: Profile = { ...shape, name: "shape", accountDepth: 3, transfersPerBase: 5, operationsPerBase: 2 };
      const random = new Random("shape");
      const setup = createSetup(random, shape.arity, shape.levels);
      const claims = [3, 4].map((inputs) => encodeCircuit(randomCircuit(random, setup.common, inputs)));
      const genesis = genesisOf(wanted, developmentAccounts(3));
      const parameters = parametersOf(
        { profile: wanted, genesis, economics: economicsOf(wanted) },
        { ...encodedKeys(setup), exitClaim: claims[0]!, escapeClaim: claims[1]! },
      );
      const connection = await hre.network.create();
      const deployment = await deployModule(connection, { profile: wanted }, parameters);
      const client = await connectRollup(connection.ethers.provider, deployment);
      expect(await client.rollup.slotCount()).to.equal(BigInt(slotCount(wanted)));
      expect(await client.rollup.stateRoot()).to.equal(genesis.root);
    });
  }

  const CHOICES: readonly Partial<Economics>[] = [
    { burnRule: "everyCommit" },
    { scorePolicy: { kind: "plain" } },
    { scorePolicy: { kind: "stake", stakeUnit: 10n ** 18n }, fairShareBps: 5_000 },
    {
      scorePolicy: {
        kind: "dynamic",
        targetProvers: 5,
        minExponent: 4_096,
        maxExponent: 32_768,
        initialExponent: 12_288,
      },
    },
    { scorePolicy: { kind: "race" }, fairShareBps: 5_000, burnRule: "everyCommit" },
  ];
  for (const choice of CHOICES) {
    const { scorePolicy, fairShareBps, burnRule } = { ...economicsOf(profile), ...choice };
    it(`deploys any policies: ${scorePolicy.kind}, fair share ${fairShareBps}, ${burnRule}`, async () => {
      const connection = await hre.network.create();
      const { provider } = connection.ethers;
      const client = await connectRollup(
        provider,
        await deployRollup(connection, { ...plan, economics: { ...economicsOf(profile), ...choice } }),
      );
      const policy = PlainScore__factory.connect(await client.scorer.policy(), provider);
      const { kind, sizeRule } = scorePolicy;
      expect(await policy.usesStakes()).to.equal(kind === "stake" || kind === "race");
      expect(await policy.usesBetas()).to.equal(kind === "race");
      expect(await policy.sizeRule()).to.equal(packSizeRule(sizeRule && { ...profile, ...sizeRule }));
      expect((await getRoundState(client)).exponent).to.equal(kind === "dynamic" ? 12_288 : 0);
      expect(await client.rollup.fairShareBps()).to.equal(BigInt(fairShareBps));
      expect(await client.rollup.burnRule()).to.equal(BigInt(BURN_RULE[burnRule]));
      await connection.close();
    });
  }

  it("writes parameters that Ignition reads back", () => {
    const parameters = moduleParameters(plan);
    const text = parameterFile(parameters);
    const read = (JSON.parse(text) as { B52: Record<string, unknown> }).B52;
    expect(Object.keys(read)).to.deep.equal(Object.keys(parameters));
    expect(read["genesisSupply"]).to.equal(`${plan.genesis.supply}n`);
  });
});

describe("genesis", () => {
  it("of a development chain belongs to the wallets of the accounts that have ether there", async () => {
    const connection = await hre.network.create();
    const signers = await connection.ethers.getSigners();
    const accounts = developmentAccounts();
    expect(accounts.map(({ l1Owner }) => l1Owner)).to.deep.equal(
      signers.slice(0, 8).map(({ address }) => BigInt(address)),
    );
    expect(developmentKeys().map((privateKey) => walletKeys(privateKey).key)).to.deep.equal(
      accounts.map(({ key }) => key),
    );
    await connection.close();
  });

  it("has no more accounts than one transaction can publish", () => {
    const [account] = developmentAccounts(1);
    const wide = PROFILES.wide;
    expect(() => genesisOf(wide, Array(2_001).fill(account))).to.throw(
      B52Error,
      "genesis has 2001 accounts, expected at most 2000",
    );
  });

  it("refuses more accounts than the tree holds", () => {
    expect(() => genesisOf(profile, Array(256).fill(developmentAccounts(1)[0]))).to.throw(
      B52Error,
      "genesis has 256 accounts, expected at most 255 in profile dev",
    );
  });

  it("is backed by what the deployer gets, to the last wei", async () => {
    const { initialSupply } = economicsOf(profile);
    const [account] = developmentAccounts(1);
    const parameters = async (balance: bigint) =>
      moduleParameters({ ...(await developmentPlan()), genesis: genesisOf(profile, [{ ...account!, balance }]) });
    expect((await parameters(initialSupply))["genesisSupply"]).to.equal(initialSupply);
    const error = await parameters(initialSupply + 1n).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(GenesisSupplyError);
    expect((error as Error).message).to.equal(
      "the genesis accounts hold 1000000.000000000000000001 tokens together, expected at most the 1000000.0 that " +
        "the deployer gets",
    );
  });

  it("says what is wrong with a file, and with which entry", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-genesis-"));
    const good = { ...genesisEntry, balance: `${2n ** 96n - 1n}` };
    const other = { ...good, key: toHex32(developmentAccounts(2)[1]!.key) };
    const digits = "expected 0x and 64 hexadecimal digits";
    const able = "expected a key that can sign, such as `b52 wallet address` shows";
    const path = join(folder, "genesis.json");
    for (const mark of ["", "\ufeff"]) {
      await writeFile(path, `${mark}${JSON.stringify([good])}`);
      expect(await readGenesisAccounts(path)).to.have.length(1);
    }
    for (const [content, reason] of [
      ["{", "it is not JSON"],
      ["{}", "it: Invalid input: expected array, received object"],
      ["[]", "it: expected one account or more"],
      ...["0x12", "0x02", "1", `0x${"1".repeat(65)}`].map(
        (key) => [[good, { ...other, key }], `entry 2, key: ${digits}`] as const,
      ),
      ...[0n, 1n, FIELD, FIELD - 1n, NO_POINT, TORSION].map(
        (key) => [[{ ...good, key: toHex32(key) }], `entry 1, key: ${able}`] as const,
      ),
      [[other, good, { ...other, balance: "1" }], "entry 3, key: expected another key than that of entry 1"],
      [[good, { ...other, balance: `${2n ** 96n}` }], "entry 2, balance: expected wei below 2^96"],
      [[{ ...good, balance: "-1" }], "entry 1, balance: expected a decimal number"],
      [[{ ...good, l1Owner: "me" }], "entry 1, l1Owner: expected an Ethereum address"],
      [[{ ...good, l1Owner: ZeroAddress }], "entry 1, l1Owner: expected an address that is somebody's, not zero"],
    ] as const) {
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      await expectRejection(
        readGenesisAccounts(path),
        GenesisFileError,
        `${path} is not a usable genesis file: ${reason}`,
      );
    }
    await expectRejection(
      readGenesisAccounts(folder),
      GenesisFileError,
      `${folder} is not a usable genesis file: it is a folder`,
    );
    await rm(folder, { recursive: true });
  });

  it("says that there is no file", async () => {
    const error = await readGenesisAccounts("/nowhere/genesis.json").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(GenesisFileError);
    expect((error as Error).message).to.equal("/nowhere/genesis.json is not a usable genesis file: it does not exist");
  });
});
