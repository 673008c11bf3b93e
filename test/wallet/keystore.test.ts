import { expect } from "chai";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet } from "ethers";
import { FolderError } from "../../src/chain/folders.ts";
import { MalformedError } from "../../src/protocol/errors.ts";
import { KeystoreExistsError, KeystoreFileError, WrongPasswordError } from "../../src/wallet/errors.ts";
import { walletKeys } from "../../src/wallet/keys.ts";
import { createKeystore, identityOf, unlockKeystore } from "../../src/wallet/keystore.ts";
import { expectRejection } from "../support/expectRejection.ts";

const PRIVATE_KEY = `0x${"a1".repeat(32)}`;
const N = 1_024;

describe("keystore", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-wallet-"));
    path = join(folder, "new folder", "wallet.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("gives back the keys that it was made with, to who knows the password", async () => {
    const keys = await createKeystore(path, PRIVATE_KEY, "a password", N);
    expect(keys).to.deep.equal(walletKeys(PRIVATE_KEY));
    expect(await unlockKeystore(path, "a password")).to.deep.equal(keys);
    await expectRejection(unlockKeystore(path, "A password"), WrongPasswordError, `the password does not open ${path}`);
  });

  it("is made of no key that L1 does not have, which is not shown", async () => {
    for (const [bad, text] of [
      ["0x1234", "the L1 private key is of another form (not shown), expected 32 bytes as hexadecimal"],
      [`0x${"00".repeat(32)}`, "the L1 private key is no key (not shown), expected a number from 1"],
      [`0x${"ff".repeat(32)}`, "the L1 private key is no key (not shown), expected a number from 1"],
    ] as const) {
      await expectRejection(createKeystore(path, bad, "a password", N), MalformedError, text);
    }
  });

  it("says whose it is without a password, and no secret", async () => {
    const { address, key, secret } = await createKeystore(path, PRIVATE_KEY, "a password", N);
    expect(await identityOf(path)).to.deep.equal({ address, key });
    const text = await readFile(path, "utf8");
    for (const hidden of [PRIVATE_KEY.slice(2), secret.toString(), secret.toString(16)])
      expect(text).to.not.contain(hidden);
  });

  it("is a file that nobody else may read, and leaves nothing beside it", async () => {
    await createKeystore(path, PRIVATE_KEY, "a password", N);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readdir(join(folder, "new folder"))).to.deep.equal(["wallet.json"]);
  });

  it("is never written over", async () => {
    await createKeystore(path, PRIVATE_KEY, "a password", N);
    const before = await readFile(path, "utf8");
    await expectRejection(
      createKeystore(path, `0x${"b2".repeat(32)}`, "other", N),
      KeystoreExistsError,
      `${path} exists already`,
    );
    expect(await readFile(path, "utf8")).to.equal(before);
    expect(await readdir(join(folder, "new folder"))).to.deep.equal(["wallet.json"]);
  });

  it("costs a guess of the password most of a second", async () => {
    await createKeystore(path, PRIVATE_KEY, "a password");
    const { kdfparams } = (JSON.parse(await readFile(path, "utf8")) as { Crypto: { kdfparams: { n: number } } }).Crypto;
    expect(kdfparams.n).to.equal(131_072);
  });

  it("opens in other wallets, and theirs here", async () => {
    await createKeystore(path, PRIVATE_KEY, "a password", N);
    expect((await Wallet.fromEncryptedJson(await readFile(path, "utf8"), "a password")).address).to.equal(
      walletKeys(PRIVATE_KEY).address,
    );
    const other = join(folder, "other.json");
    await writeFile(other, await new Wallet(PRIVATE_KEY).encrypt("theirs"));
    expect(await identityOf(other)).to.deep.equal({ address: walletKeys(PRIVATE_KEY).address });
    expect(await unlockKeystore(other, "theirs")).to.deep.equal(walletKeys(PRIVATE_KEY));
  });

  it("is refused with what is wrong with it", async () => {
    await expectRejection(
      unlockKeystore(path, ""),
      KeystoreFileError,
      `${path} is not a usable wallet: it does not exist`,
    );
    await createKeystore(path, PRIVATE_KEY, "a password", N);
    const json = JSON.parse(await readFile(path, "utf8")) as Record<string, object>;
    const file = join(folder, "changed.json");
    const fault = async (changed: string): Promise<string> => {
      await writeFile(file, changed);
      return (
        await expectRejection(unlockKeystore(file, "a password"), KeystoreFileError, `${file} is not a usable wallet: `)
      ).message;
    };
    expect(await fault("{")).to.match(/it is no Web3 keystore$/);
    expect(await fault(JSON.stringify(json).slice(0, -40))).to.match(/it is no Web3 keystore$/);
    expect(await fault(JSON.stringify({ ...json, address: "bb".repeat(20) }))).to.match(/: /);
    const { address } = walletKeys(PRIVATE_KEY);
    const swapped = address
      .slice(2)
      .replace(/[a-z]/gi, (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));
    const checksum = `its address ${swapped} has a wrong checksum, expected ${address}`;
    expect(await fault(JSON.stringify({ ...json, address: swapped }))).to.contain(checksum);
    await expectRejection(identityOf(file), KeystoreFileError, `${file} is not a usable wallet: ${checksum}`);
    expect(await fault(JSON.stringify({ ...json, b52: { key: "7" } }))).to.match(
      /it says that its L2 key is 0x0{63}7, but that is 0x[0-9a-f]{64}$/,
    );
  });

  it("says where no folder can be for it, instead of trying for ever", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const dangling = join(folder, "dangling");
    await symlink(join(folder, "nowhere", "else"), dangling);
    const make = (...below: string[]) => createKeystore(join(...below, "wallet.json"), PRIVATE_KEY, "a password", N);
    await expectRejection(make(file), FolderError, `there cannot be a folder ${file}: something else has this name`);
    await expectRejection(
      make(dangling),
      FolderError,
      `there cannot be a folder ${dangling}: something else has this name`,
    );
    await expectRejection(
      make(file, "below"),
      FolderError,
      `there cannot be a folder ${join(file, "below")}: one of those above it is a file`,
    );
    if (process.platform !== "linux") return;
    await expectRejection(
      make("/proc", "none", "below"),
      FolderError,
      "there cannot be a folder /proc/none: /proc takes none",
    );
  });

  it("leaves nothing behind where it cannot be written", async () => {
    await mkdir(path, { recursive: true });
    await expectRejection(
      createKeystore(path, PRIVATE_KEY, "a password", N),
      KeystoreExistsError,
      `${path} exists already`,
    );
    expect(await readdir(join(folder, "new folder"))).to.deep.equal(["wallet.json"]);
  });
});
