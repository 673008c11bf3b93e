import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { encodeG1, encodeG2, g1, g2, type CircuitTrapdoor } from "../../src/sim/trapdoor.ts";

/** The Solidity verifier that snarkjs itself generates: an independent judge of every single proof. */
export interface SnarkjsVerifier {
  /** @param proof 256 bytes */
  accepts(proof: string, inputs: readonly bigint[]): Promise<boolean>;
}

const require = createRequire(import.meta.url);
const snarkjs = require.resolve("snarkjs");
/** snarkjs renders its template with its own copy of ejs. */
const ejs = createRequire(snarkjs)("ejs") as { render(template: string, data: object): string };
const solc = require("solc") as { compile(input: string): string };
const ABI = [
  "function verifyProof(uint256[2] a, uint256[2][2] b, uint256[2] c, uint256[INPUTS] inputs) view returns (bool)",
];

/** Renders, compiles and deploys one verifier for each circuit. */
export async function deploySnarkjsVerifiers(
  ethers: HardhatEthers,
  circuits: readonly CircuitTrapdoor[],
): Promise<SnarkjsVerifier[]> {
  const template = readFileSync(join(dirname(snarkjs), "../templates/verifier_groth16.sol.ejs"), "utf8");
  const sources = circuits.map(
    (circuit, i) => [`${i}.sol`, { content: ejs.render(template, verificationKey(circuit)) }] as const,
  );
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: Object.fromEntries(sources),
        settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
      }),
    ),
  ) as { contracts: Record<string, { Groth16Verifier: { evm: { bytecode: { object: string } } } }> };
  const [deployer] = await ethers.getSigners();
  return Promise.all(
    circuits.map(async ({ ic }, i) => {
      const abi = ABI.map((line) => line.replace("INPUTS", String(ic.length - 1)));
      const bytecode = output.contracts[`${i}.sol`]!.Groth16Verifier.evm.bytecode.object;
      const contract = await new ethers.ContractFactory(abi, bytecode, deployer).deploy();
      const verifyProof = contract.getFunction("verifyProof");
      return {
        accepts: (proof, inputs) => {
          const [ax, ay, bx1, bx0, by1, by0, cx, cy] = words(proof);
          return verifyProof(
            [ax, ay],
            [
              [bx1, bx0],
              [by1, by0],
            ],
            [cx, cy],
            inputs,
          ) as Promise<boolean>;
        },
      } satisfies SnarkjsVerifier;
    }),
  );
}

/** A verification key as snarkjs exports it. */
function verificationKey({ common, delta, ic }: CircuitTrapdoor) {
  const point = (scalar: bigint) => words(encodeG1(g1(scalar)));
  const twisted = (scalar: bigint) => {
    const [x1, x0, y1, y0] = words(encodeG2(g2(scalar)));
    return [
      [x0, x1],
      [y0, y1],
    ];
  };
  return {
    nPublic: ic.length - 1,
    vk_alpha_1: point(common.alpha),
    vk_beta_2: twisted(common.beta),
    vk_gamma_2: twisted(common.gamma),
    vk_delta_2: twisted(delta),
    IC: ic.map(point),
  };
}

function words(data: string): bigint[] {
  return data
    .slice(2)
    .match(/.{64}/g)!
    .map((hex) => BigInt(`0x${hex}`));
}
