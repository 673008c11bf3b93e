import { expect } from "chai";
import { concat, type Provider, type Signer, Wallet } from "ethers";
import { BLOB_FIELD } from "../../src/protocol/blobField.ts";
import { Kzg } from "../../src/blobs/kzg.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import type { BlobSidecar } from "../../src/chain/blobSidecar.ts";
import { NoBlobSignerError, send } from "../../src/chain/tx/index.ts";
import { ContractError, TransactionError } from "../../src/chain/errors.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { openConnection } from "../../src/chain/connection.ts";
import { expectRejection } from "../support/expectRejection.ts";
import type { TestNode } from "../support/testNode.ts";

/** Keeps the hash of a transaction's second blob: `sstore(0, blobhash(1))`; reverts if there is none. */
const KEEPER = "0x6e6001498015600b575f55005b5f5ffd5f52600f6011f3";
/** One with few coefficients, and one whose cells have proofs. */
const COEFFICIENTS = [[1n, 2n, 3n], Array.from({ length: 70 }, (_, i) => BLOB_FIELD - 1n - BigInt(i))];
/** EIP-4844's. */
const POINT_EVALUATION = "0x000000000000000000000000000000000000000a";
export const GAS = 200_000n;

export interface BlobChain {
  readonly provider: Provider;
  readonly deployer: Signer;
  close(): Promise<void>;
}

export async function overHttp(node: TestNode): Promise<BlobChain> {
  const connection = await openConnection(node.url);
  const [deployer] = await connection.ethers.getSigners();
  return {
    provider: connection.ethers.provider,
    deployer: deployer!,
    close: async () => {
      await connection.close();
      await node.stop();
    },
  };
}

let made: Promise<BlobSidecar[]> | undefined;

/** @param open starts the chain; undefined: it is not on this machine, and its tests are left out */
export function describeBlobTransactions(name: string, open: (() => Promise<BlobChain>) | undefined): void {
  describe(`blob transactions on ${name}`, () => {
    let chain: BlobChain;
    let revealer: Wallet;
    let keeper: string;

    before(async function () {
      if (open === undefined) return this.skip();
      chain = await open();
      revealer = new Wallet(`0x${"b5".repeat(32)}`, chain.provider);
      await (await chain.deployer.sendTransaction({ to: revealer.address, value: 10n ** 18n })).wait();
      const made = await (await chain.deployer.sendTransaction({ data: KEEPER })).wait();
      keeper = made!.contractAddress!;
    });
    after(async () => {
      if (open !== undefined) await chain.close();
    });

    it("show a contract the hashes of their blobs, and can be opened at any point", async () => {
      const sidecars = await (made ??= Promise.all(COEFFICIENTS.map(makeSidecar)));
      const transaction = { to: keeper, data: "0x", gasLimit: GAS, sidecars, slots: 32 };
      const receipt = await send("keep", revealer, transaction);
      expect(receipt.status).to.equal(1);
      expect(await chain.provider.getStorage(keeper, 0)).to.equal(sidecars[1]!.versionedHash);

      const z = 123_456_789n;
      for (const [i, { versionedHash, commitment }] of sidecars.entries()) {
        const { y, proof } = (await Kzg.load()).open(COEFFICIENTS[i]!, z);
        const ask = (value: bigint): Promise<string> =>
          chain.provider.call({
            to: POINT_EVALUATION,
            data: concat([versionedHash, toHex32(z), toHex32(value), commitment, proof]),
          });
        expect(await ask(y)).to.equal(concat([toHex32(4_096n), toHex32(BLOB_FIELD)]));
        expect(await ask(y + 1n).catch(() => "0x")).to.equal("0x");
      }
    });

    it("go one after the other, however many are sent at once", async () => {
      const first = await revealer.getNonce();
      const sidecars = [await makeSidecar([4n]), await makeSidecar([5n])];
      const transaction = { to: keeper, data: "0x", gasLimit: GAS, sidecars, slots: 2 };
      const receipts = await Promise.all([1, 2, 3].map(() => send("keep", revealer, transaction)));
      expect(new Set(receipts.map(({ hash }) => hash)).size).to.equal(3);
      expect(await revealer.getNonce()).to.equal(first + 3);
    });

    it("and others of one address do not get in each other's way", async () => {
      const first = await revealer.getNonce();
      const sidecars = [await makeSidecar([4n]), await makeSidecar([5n])];
      const blobs = { to: keeper, data: "0x", gasLimit: GAS, sidecars, slots: 2 };
      const plain = { to: revealer.address, data: "0x", value: 1n };
      const receipts = await Promise.all([blobs, plain, blobs].map((one) => send("keep", revealer, one)));
      expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
      expect(await revealer.getNonce()).to.equal(first + 3);
    });

    it("that a contract refuses say so", async () => {
      const transaction = { to: keeper, data: "0x", gasLimit: GAS, sidecars: [await makeSidecar([4n])], slots: 2 };
      await expectRejection(send("keep", revealer, transaction), ContractError, "keep was refused");
    });

    it("cannot be sent without ether, nor by a node", async () => {
      const transaction = { to: keeper, data: "0x", gasLimit: GAS, sidecars: [await makeSidecar([4n])], slots: 2 };
      const poor = Wallet.createRandom(chain.provider);
      const poorer = new Wallet(poor.privateKey, chain.provider);
      await expectRejection(send("keep", poorer, transaction), TransactionError, "keep by");
      await expectRejection(send("keep", chain.deployer, transaction), NoBlobSignerError, "private key");
    });
  });
}
