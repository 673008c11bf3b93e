import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { poseidon } from "../../src/protocol/poseidon.ts";

// What the bridge does not do, to be compared with what it does: L1 hashes a binary Poseidon path itself.
// docs/decisions/exit-claims.md has the reasons.

const require = createRequire(import.meta.url);
const solc = require("solc") as { compile(input: string): string };

interface CompiledContract {
  readonly abi: [];
  readonly evm: { readonly bytecode: { readonly object: string } };
}
/** Contracts by file and name. */
type Compiled = Record<string, Record<string, CompiledContract>>;

const METER = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
import {PoseidonT3} from "PoseidonT3.sol";
contract PathMeter {
    function check(uint256 root, uint256 leaf, uint256 index, uint256[] calldata siblings) external {
        uint256 node = leaf;
        for (uint256 i = 0; i < siblings.length; ++i) {
            node = index >> i & 1 == 0 ? PoseidonT3.hash([node, siblings[i]]) : PoseidonT3.hash([siblings[i], node]);
        }
        require(node == root, "wrong root");
    }
}`;
const SETTINGS = { evmVersion: "osaka", optimizer: { enabled: true, runs: 10_000 } };

/**
 * Gas of a transaction that checks one leaf under a Poseidon root of `depth` levels, with the cheapest Poseidon in
 * Solidity that is published (poseidon-solidity, two inputs). No bookkeeping, no payment. Not compiled with the
 * project's contracts: its library is meant for the compiler's older pipeline, where it is smaller and cheaper.
 */
export async function measurePoseidonPath(ethers: HardhatEthers, depth: number): Promise<number> {
  const library = await readFile(require.resolve("poseidon-solidity/PoseidonT3.sol"), "utf8");
  const sources = { "PoseidonT3.sol": { content: library }, "PathMeter.sol": { content: METER } };
  const [deployer] = await ethers.getSigners();
  const compile = (libraries: object): Compiled => {
    const output = JSON.parse(
      solc.compile(
        JSON.stringify({
          language: "Solidity",
          sources,
          settings: { ...SETTINGS, libraries, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
        }),
      ),
    ) as { contracts: Compiled };
    return output.contracts;
  };
  const deploy = async ({ abi, evm }: CompiledContract) => {
    const contract = await new ethers.ContractFactory(abi, evm.bytecode.object, deployer).deploy();
    return { abi, address: await contract.getAddress() };
  };
  const { address } = await deploy(compile({})["PoseidonT3.sol"]!["PoseidonT3"]!);
  const meter = await deploy(compile({ "PoseidonT3.sol": { PoseidonT3: address } })["PathMeter.sol"]!["PathMeter"]!);

  const siblings = Array.from({ length: depth }, (_, i) => poseidon([BigInt(i), 7n]));
  const leaf = poseidon([1n, 2n]);
  const index = 0b1010_1010_1010_10n % 2n ** BigInt(depth);
  const root = siblings.reduce(
    (node, sibling, i) => poseidon((index >> BigInt(i)) % 2n === 0n ? [node, sibling] : [sibling, node]),
    leaf,
  );
  const contract = new ethers.Contract(meter.address, meter.abi, deployer);
  const sent = await contract.getFunction("check").send(root, leaf, index, siblings);
  return Number((await sent.wait())!.gasUsed);
}
