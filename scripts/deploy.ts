/**
 * Deploys a rollup with the development keys of its circuits, and writes its address book, which `./b52 status`,
 * `sync`, `wallet` and `escape` read. What is deployed already stays as it is.
 *
 *     npx hardhat node --hostname 127.0.0.1 &
 *     npx hardhat run scripts/deploy.ts --network localhost
 *
 * B52_DEPLOYMENT names another file than build/deployment.json. `./b52 deploy` does the same and takes options.
 */
import { setUp } from "../src/cli/setup.ts";
import { replaceBook } from "../src/deploy/addressBook.ts";
import { deployRollup } from "../src/deploy/deploy.ts";
import { developmentAccounts, genesisOf } from "../src/deploy/genesis.ts";
import { economicsOf, profileKeys } from "../src/deploy/parameters.ts";
import { PROFILES } from "../src/protocol/profile.ts";
import { loadProfileBuild } from "../src/setup/profileBuild.ts";
import { projectPath } from "../src/setup/project.ts";
import { openL1 } from "../src/sim/l1.ts";

const profile = PROFILES.dev;
const addressBook = process.env["B52_DEPLOYMENT"] ?? projectPath("build", "deployment.json");

// Circuits and their keys: compiled and set up if they are not there yet.
await setUp({ profiles: ["dev"] });
const build = await loadProfileBuild(profile);

const l1 = await openL1({ url: process.env["B52_RPC_URL"] });
const deployment = await deployRollup(l1.connection, {
  profile,
  keys: profileKeys(build),
  genesis: genesisOf(profile, developmentAccounts()),
  economics: economicsOf(profile),
});
const old = await replaceBook(addressBook, deployment);
if (old !== undefined) console.log(`${addressBook} was that of another rollup, and is ${old} now`);
for (const [name, address] of Object.entries(deployment.contracts)) console.log(`${name.padEnd(13)} ${address}`);
console.log(`written to ${addressBook}`);
await l1.connection.close();
