import { dirname } from "node:path";
import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { DeploymentFileError } from "./errors.ts";
import { makeFolder } from "./folders.ts";
import { replaceFile } from "./replaceFile.ts";
import { readJsonFile } from "./textFile.ts";

const address = z.string().refine(isAddress, "expected an Ethereum address").transform(getAddress);
const hash = z.string().regex(/^0x[0-9a-f]{64}$/, "expected 0x and 64 hexadecimal digits");
const uint = z.string().regex(/^\d+$/, "expected a decimal number").transform(BigInt);
const size = z.number().int().positive();

/** The most that ethers writes amounts with. */
const MAX_DECIMALS = 80;

const schema = z.strictObject({
  version: z.literal(5, "expected 5 (b52 deploy finds what is deployed already, and writes its file anew)"),
  chainId: uint,
  /** Hash of the chain's block 0. */
  genesisBlock: hash,
  /**
   * The block in which the rollup was started: where to start looking for events. Its hash tells apart chains with the
   * same block 0, as those of geth's developer mode all have.
   */
  started: z.strictObject({ number: z.number().int().nonnegative(), hash }),
  contracts: z.strictObject({
    rollup: address,
    registry: address,
    court: address,
    token: address,
    verifier: address,
    parts: address,
    blobVerifier: address,
    bridge: address,
    claimVerifier: address,
    asset: address,
    scorer: address,
    roundView: address,
    relay: address,
    bulletin: address,
    ranking: address,
  }),
  /**
   * What the L2 pays in, as its contract described itself when it was deployed: whatever node is asked later, amounts
   * mean the same.
   */
  asset: z.strictObject({ symbol: z.string(), decimals: z.number().int().min(0).max(MAX_DECIMALS) }),
  domain: uint,
  profile: z.strictObject({
    name: z.string().min(1),
    arity: size,
    levels: size,
    accountDepth: size,
    transfersPerBase: size,
    operationsPerBase: size,
  }),
  /** The L2 state that the rollup began with. `supply` in wei of the asset. */
  genesis: z.strictObject({ root: uint, supply: uint }),
});

/** Where a rollup is and what it was built for. */
export type Deployment = Readonly<z.output<typeof schema>>;

const MISSING = "it does not exist (b52 deploy makes one, option deployment names another)";

/** @throws DeploymentFileError when it is missing, damaged or of another version */
export async function readDeployment(path: string): Promise<Deployment> {
  const parsed = schema.safeParse(await readJsonFile(path, DeploymentFileError, MISSING));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new DeploymentFileError(path, `${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  return parsed.data;
}

/** Replaces the file as a whole: a reader never sees half of it. */
export async function writeDeployment(path: string, deployment: Deployment): Promise<void> {
  await makeFolder(dirname(path));
  await replaceFile(path, [
    `${JSON.stringify(deployment, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`,
  ]);
}
