import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { formatEther } from "ethers";
import hre from "hardhat";
import { developmentKeys } from "../../src/deploy/genesis.ts";
import * as actions from "../../src/chain/actions/index.ts";
import { writeDeployment } from "../../src/chain/deployment.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { loadProfileBuild } from "../../src/setup/profileBuild.ts";
import { PROJECT_ROOT } from "../../src/setup/project.ts";
import { createKeystore } from "../../src/wallet/keystore.ts";
import { walletKeys } from "../../src/wallet/keys.ts";
import { ETHER, type PlayedL2, playL2, playPublished, userWallet } from "../support/playedL2.ts";
import { developmentClaims } from "../../src/sim/madeUp.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { startNode, type TestNode } from "../support/testNode.ts";

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PASSWORD = "correct horse";

/**
 * From the outside: the real process, a real node, and real proofs of claims. Blocks alone are proven with a trapdoor.
 */
describe("b52 wallet", () => {
  let node: TestNode;
  let folder: string;
  let l2: PlayedL2;
  /** Keystore of signer 1, which owns account 1. */
  let wallet: string;

  before(async () => {
    node = await startNode();
    folder = await mkdtemp(join(tmpdir(), "b52-wallet-cli-"));
    wallet = join(folder, "one.json");
    await createKeystore(wallet, userWallet(1).privateKey, PASSWORD, 1_024);
    const realClaims = await developmentClaims(await loadProfileBuild(PROFILES.dev));
    l2 = await playL2(await hre.network.create({ network: "rpc", override: { url: node.url } }), { realClaims });
    // Who registers in the second in which a round opens does not count in it, and this node's seconds are real.
    await l2.connection.networkHelpers.time.increase(2);
    await writeDeployment(join(folder, "deployment.json"), l2.client.deployment);
  });
  after(async () => {
    await removeDeployment(l2.client.deployment);
    await l2.connection.close();
    await node.stop();
    await rm(folder, { recursive: true });
  });

  async function run(
    args: readonly string[],
    env: Record<string, string> = { B52_WALLET_PASSWORD: PASSWORD },
  ): Promise<Run> {
    const inherited = { ...process.env };
    for (const name of ["DEBUG", "B52_WALLET_PASSWORD", "B52_PRIVATE_KEY"]) delete inherited[name];
    const child = spawn(process.execPath, ["--import", "./src/loader/register.mjs", "src/cli/main.ts", ...args], {
      cwd: PROJECT_ROOT,
      env: { ...inherited, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr };
  }

  const onRollup = (): string[] => [
    "--rpc",
    node.url,
    "--deployment",
    join(folder, "deployment.json"),
    "--db",
    join(folder, "db"),
  ];

  async function ok(args: readonly string[], env?: Record<string, string>): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await run([...args, "--json"], env);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  const use = (...args: readonly string[]) => ok([...args, "--wallet", wallet, ...onRollup()]);

  async function refused(args: readonly string[], message: string, env?: Record<string, string>): Promise<void> {
    const { code, stdout, stderr } = await run(args, env);
    expect(stderr.trimEnd()).to.equal(`b52: ${message}`);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
  }

  const asset = async (index = 1): Promise<bigint> => l2.client.asset.balanceOf(userWallet(index).address);

  describe("new and address", () => {
    it("make a wallet that only its password opens, never in place of another", async () => {
      const path = join(folder, "made", "wallet.json");
      const made = await ok(["wallet", "new", "--wallet", path]);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      expect(await ok(["wallet", "address", "--wallet", path], {})).to.deep.equal({
        address: made["address"],
        key: made["key"],
      });
      const before = await readFile(path);
      await refused(
        ["wallet", "new", "--wallet", path],
        `${path} exists already, expected a new file: a wallet is never written over`,
      );
      expect(await readFile(path)).to.deep.equal(before);
      await refused(
        ["wallet", "send", "2", "1", "--wallet", path, ...onRollup()],
        `the password does not open ${path}`,
        {
          B52_WALLET_PASSWORD: "wrong",
        },
      );
      await refused(
        ["wallet", "send", "2", "1", "--wallet", path, ...onRollup()],
        "no password: expected B52_WALLET_PASSWORD, a file (option password-file, setting passwordFile) or a " +
          "terminal to type it in",
        {},
      );
    });

    it("take a key that there is already, and a password from a file", async () => {
      const [privateKey] = developmentKeys(1) as [string];
      const passwordFile = join(folder, "password");
      await writeFile(passwordFile, "from a file\n");
      const path = join(folder, "imported.json");
      const args = ["wallet", "new", "--import", "--wallet", path, "--password-file", passwordFile];
      const { address, key } = walletKeys(privateKey);
      expect(await ok(args, { B52_PRIVATE_KEY: privateKey.slice(2) })).to.deep.equal({
        wallet: path,
        address,
        key: toHex32(key),
      });
      for (const [text, found] of [
        ["0x1234", "4 digits long"],
        [`${privateKey.slice(0, -1)}x`, "something with other characters"],
        [`0x${"0".repeat(64)}`, "zero, or above the order of the curve"],
      ] as const)
        await refused(
          ["wallet", "new", "--import", "--wallet", join(folder, "short.json"), "--password-file", passwordFile],
          `B52_PRIVATE_KEY is no private key: it is ${found}, expected 64 hexadecimal digits, with or without 0x`,
          { B52_PRIVATE_KEY: text },
        );
    });

    it("warn of a wallet that others can read", async () => {
      const open = join(folder, "open.json");
      await writeFile(open, `\ufeff${await readFile(wallet, "utf8")}`, { mode: 0o644 });
      const { code, stdout, stderr } = await run(["wallet", "address", "--wallet", open], {});
      expect({ code, stderr }).to.deep.equal({
        code: 0,
        stderr: `warning: others can read ${open}, expected nobody but you: chmod 600 ${open}\n`,
      });
      expect(stdout).to.contain(`address  ${userWallet(1).address}\n`);
      expect((await run(["wallet", "address", "--wallet", wallet], {})).stderr).to.equal("");
    });

    it("say which file is missing", async () => {
      const path = join(folder, "nowhere.json");
      const missing = "it does not exist (b52 wallet new makes one, b52 key new an operator's)";
      const message = `${path} is not a usable wallet: ${missing}`;
      await refused(["wallet", "address", "--wallet", path], message, {});
      await refused(["wallet", "claim", "--wallet", path, ...onRollup()], message, {});
    });
  });

  const conflict = (option: string): RegExp => new RegExp(`option '--force' cannot be used with option '${option}'`);
  for (const [what, args, pattern] of [
    ["no subcommand", ["wallet"], /^Usage: b52 wallet/],
    [
      "an account that is none",
      ["wallet", "send", "0", "1", "--rpc", "http://x"],
      /'0' is invalid.*\s*Expected the number of an account/,
    ],
    ["a missing amount", ["wallet", "deposit", "--rpc", "http://x"], /missing required argument 'amount'/],
    ["a missing address of a node", ["wallet", "balance"], /required option '--rpc <url>' not specified/],
    [
      "a nonce that is none",
      ["wallet", "exit", "1", "--nonce", "x", "--rpc", "http://x"],
      /'x' is invalid\. Expected a whole number/,
    ],
    [
      "a forced exit with a nonce",
      ["wallet", "exit", "1", "--force", "--nonce", "7", "--rpc", "http://x"],
      conflict("--nonce <number>"),
    ],
    [
      "a forced exit with a fee",
      ["wallet", "exit", "1", "--force", "--fee", "0", "--rpc", "http://x"],
      conflict("--fee <amount>"),
    ],
    [
      "--anyway with nothing forced",
      ["wallet", "exit", "1", "--anyway", "--rpc", "http://x"],
      /option '--anyway' is of use only with option '--force'/,
    ],
    [
      "a forced exit to be printed",
      ["wallet", "exit", "1", "--print", "--force", "--rpc", "http://x"],
      conflict("--print"),
    ],
  ] as const) {
    it(`exits with 2 for ${what}`, async () => {
      const { code, stderr } = await run(args, {});
      expect(stderr).to.match(pattern);
      expect(code, stderr).to.equal(2);
    });
  }

  it("refuses amounts that cannot be sent, with those that can", async () => {
    const nearest = "expected 1.23456789 or 1.2345679, the nearest";
    await refused(
      ["wallet", "send", "2", "1.234567891", "--wallet", wallet, ...onRollup()],
      `amount 1.234567891 has more digits than the L2 keeps, ${nearest}`,
    );
    await refused(
      ["wallet", "deposit", "ten", "--wallet", wallet, ...onRollup()],
      'amount is "ten", expected a number of whole tokens with at most 18 decimal places',
    );
  });

  it("refuses what could not be, in tokens, and sends nothing", async () => {
    const blocks = await l2.client.provider.getBlockNumber();
    const refusals: readonly (readonly [args: readonly string[], message: string])[] = [
      [["deposit", ""], 'amount is "", expected a number of whole tokens with at most 18 decimal places'],
      [["deposit", "0"], "amount is 0 B52, expected at least 0.000000000000000001 B52"],
      [["deposit", "1", "--account", "300"], "account is 300, expected 1 to 255"],
      [["exit", "0", "--force"], "amount is 0 B52, expected at least 0.000000000000000001 B52"],
      [["send", "9", "1"], "receiver 9 does not exist, expected an account that a deposit has opened"],
      [["send", "2", "1001"], "balance of sender 1 is 1000 B52, expected at least 1001 B52"],
      [
        ["exit", "1001", "--force"],
        "balance of sender 1 is 1000 B52, expected at least 1001 B52: the operation would have no effect, and " +
          "its fee of 0.01 B52 be lost (--anyway posts it all the same)",
      ],
    ];
    for (const [args, message] of refusals)
      await refused(["wallet", ...args, "--wallet", wallet, ...onRollup()], message);
    expect(await l2.client.provider.getBlockNumber()).to.equal(blocks);
  });

  it("pays in, moves, forces and takes out, and claims with real proofs", async () => {
    expect(await use("wallet", "deposit", "5")).to.deep.include({ account: 1, opens: false, amount: `${5n * ETHER}` });
    for (const nonce of ["0", "1"]) {
      expect(await use("wallet", "send", "2", "1.5", "--fee", "0.01")).to.deep.include({
        from: 1,
        to: 2,
        nonce,
        ahead: Number(nonce),
      });
    }
    expect(await use("wallet", "exit", "3")).to.deep.include({ to: 0, nonce: "2", ahead: 2 });
    expect(await use("wallet", "exit", "0.001")).to.deep.include({ to: 0, nonce: "3", needsQueue: false });
    await refused(
      ["wallet", "send", "2", "9", "--nonce", "1", "--wallet", wallet, ...onRollup()],
      "fee of the transfer is 0 B52, expected at least 0.01001 B52: it replaces the one with nonce 1, whose fee " +
        "is 0.01 B52",
    );
    expect((await run(["wallet", "send", "2", "1", "--print", "--wallet", wallet, ...onRollup()])).stderr).to.contain(
      "the next one gets nonce 4, too, unless it is told another one by --nonce",
    );
    const ahead = (await run(["wallet", "balance", "--wallet", wallet, ...onRollup()], {})).stdout;
    expect(ahead).to.contain(
      "\n  account 1: 1000 B52; 998.979 B52 after 1 operation in the queue and 4 transfers in no block yet\n",
    );
    expect(await use("wallet", "exit", "2", "--force")).to.deep.include({ to: 0, operation: 1 });
    expect((await run(["wallet", "claim", "--wallet", wallet, ...onRollup()])).stdout).to.equal(
      "no exit to claim yet: 3 exits on the way, to be claimed once a block with them is final\n",
    );
    expect(await use("wallet", "force", "3", "1")).to.deep.include({ to: 3, operation: 2 });
    await playPublished(l2);
    await playPublished(l2);

    const { code, stdout, stderr } = await run(["wallet", "balance", "--wallet", wallet, ...onRollup()], {});
    expect(code, stderr).to.equal(0);
    expect(stdout.trimEnd().split("\n")).to.deep.equal(
      [
        `${userWallet(1).address}, after height 2 of the L2`,
        `  on L1: ${formatEther(await asset())} B52, ` +
          `${formatEther(await l2.client.provider.getBalance(userWallet(1).address))} ether`,
        "  account 1: 995.979 B52",
        "  exit of height 1, to be claimed: 3 B52",
        "  exit of height 2, to be claimed: 2 B52",
        "  1 exit worth less than the bridge's fee, to be claimed with --all: 0.001 B52",
        "  fees of proposed blocks, to be claimed: 0.05 B52",
      ].map((line) => line.replace(/\.0 /g, " ")),
    );

    const before = await asset();
    const claimed = await use("wallet", "claim");
    expect(claimed).to.deep.include({ amount: `${5n * ETHER}`, fees: `${(5n * ETHER) / 100n}` });
    expect((await asset()) - before).to.equal(5n * ETHER + (5n * ETHER) / 100n);
    expect(await use("wallet", "claim")).to.deep.include({
      exits: [],
      amount: "0",
      left: { count: 1, amount: `${ETHER / 1_000n}` },
    });
    expect((await run(["wallet", "claim", "--wallet", wallet, ...onRollup()])).stdout).to.equal(
      "left 1 exit worth less than the bridge's fee for an operation, 0.001 B52 in all (--all takes them too)\n",
    );
    expect(await use("wallet", "claim", "--all")).to.deep.include({
      amount: `${ETHER / 1_000n}`,
      left: { count: 0, amount: "0" },
    });
  });

  it("escapes from a chain that has died, with a real proof", async () => {
    const { code, stderr } = await run(["escape", "--wallet", wallet, ...onRollup()]);
    expect(stderr).to.match(
      /^b52: height \d+ became final on 20[\d-]{8} [\d:]{8} UTC, expected no block until 20[\d-]{8} [\d:]{8} UTC: /,
    );
    expect(code, stderr).to.equal(1);

    await use("wallet", "deposit", "7");
    await l2.connection.networkHelpers.time.increase(await l2.client.bridge.escapeDelay());
    const before = await asset();
    await actions.freeze(l2.client, l2.deployer);
    const frozen = (await run(["wallet", "balance", "--wallet", wallet, ...onRollup()], {})).stdout;
    expect(frozen).to.match(
      /^0x\w+, after height 2 of the L2; the chain has ended: b52 escape takes out what is left in it\n/,
    );
    expect(frozen).to.match(
      /\n {2}account 1: 995\.979 B52\n {2}operation 3 in the queue: deposit of 7 B52, in no block: to be refunded\n/,
    );
    await refused(
      ["wallet", "send", "2", "1", "--wallet", wallet, ...onRollup()],
      "the chain has ended, expected one that still makes blocks: b52 escape takes out what the wallet has in it",
    );
    const escaped = await use("escape");
    expect(escaped["froze"]).to.equal(false);
    const balance = l2.state.account(1).balance;
    expect((escaped["accounts"] as { amount: string }[]).map(({ amount }) => amount)).to.deep.equal([`${balance}`]);
    expect((await asset()) - before).to.equal(balance + 7n * ETHER + ETHER / 100n);
    expect((await run(["escape", "--wallet", wallet, ...onRollup()])).stdout).to.equal("nothing is left to take out\n");
    const { stdout } = await run(["wallet", "balance", "--wallet", wallet, ...onRollup()], {});
    expect(stdout).to.contain("  account 1: 995.979 B52, escaped to its owner on L1\n");
    expect(stdout).to.contain("  operation 3 in the queue: deposit of 7 B52, refunded to its owner on L1\n");
    const shown = await use("wallet", "balance");
    expect((shown["accounts"] as object[])[0]).to.include({ isEscaped: true });
    expect((shown["queued"] as object[])[0]).to.include({ isRefunded: true });
  });
});
