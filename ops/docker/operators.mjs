// Prepares a network for development: node ops/docker/operators.mjs RPC FOLDER PROVERS PROPOSERS
// Deploys the rollup, makes a keystore for each operator in FOLDER, gives it ether and tokens from the node's first
// account, registers provers and takes seats. What is done already is left as it is.
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Contract, JsonRpcProvider, parseEther } from "ethers";

const [rpc, given, provers, proposers] = process.argv.slice(2);
const folder = resolve(given);
const root = fileURLToPath(new URL("../..", import.meta.url));
/** The user that the image's programs run as. */
const USER = 1000;

function b52(...args) {
  const { status, stdout } = spawnSync("./b52", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`b52 ${args.slice(0, 2).join(" ")} ended with ${status}, expected 0`);
  return stdout;
}

mkdirSync(folder, { recursive: true });
const [deployment, password] = [join(folder, "deployment.json"), join(folder, "password")];
if (!existsSync(password)) writeFileSync(password, `${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
b52("deploy", "--rpc", rpc, "--deployment", deployment);

const provider = new JsonRpcProvider(rpc);
const deployer = await provider.getSigner(0);
const { contracts } = JSON.parse(readFileSync(deployment, "utf8"));
const token = new Contract(contracts.token, ["function transfer(address to, uint256 amount) returns (bool)"], deployer);
const common = ["--rpc", rpc, "--deployment", deployment, "--password-file", password];

const ROLES = { prover: Number(provers), proposer: Number(proposers), follower: 1 };
for (const [role, count] of Object.entries(ROLES)) {
  for (let i = 1; i <= count; i++) {
    const keystore = join(folder, `${role}${i}.json`);
    if (existsSync(keystore)) continue;
    b52("key", "new", "--keystore", keystore, "--password-file", password);
    const { address, revealer } = JSON.parse(b52("key", "show", "--keystore", keystore, "--json"));
    for (const to of [address, revealer])
      await (await deployer.sendTransaction({ to, value: parseEther("10") })).wait();
    await (await token.transfer(address, parseEther("3000"))).wait();
    if (role === "prover") b52("stake", "register", "--keystore", keystore, ...common);
    if (role === "proposer") b52("seat", "take", "500", "--keystore", keystore, ...common);
    console.error(`${role} ${i}: ${address}`);
  }
}
if (process.getuid?.() === 0)
  for (const role of Object.keys(ROLES))
    for (let i = 1; i <= ROLES[role]; i++) chownSync(join(folder, `${role}${i}.json`), USER, USER);
if (process.getuid?.() === 0) chownSync(password, USER, USER);
provider.destroy();
