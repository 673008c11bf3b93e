import { BaseWallet, type Provider, resolveProperties, type Signer, toQuantity, Transaction } from "ethers";
import { B52Error } from "../../protocol/errors.ts";
import type { BlobSidecar } from "../blobSidecar.ts";
import { reasonOf } from "../errors.ts";
import type { Fees } from "./journal.ts";
import { answerOf, isOfTransport } from "./answer.ts";
import { rpc } from "./rpc.ts";

/** A transaction with everything but a signature. */
export interface Unsigned {
  readonly chainId: bigint;
  readonly nonce: number;
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly fees: Fees;
  readonly sidecars: readonly BlobSidecar[];
}

/** A transaction that can be sent, as often as it takes. */
export interface Sendable {
  /** Undefined where the node signs: it tells when it has taken it. */
  readonly hash?: string;
  /** @returns its hash @throws what the node says */
  submit(): Promise<string>;
}

/** Signs for one address: with a private key that is here, or by asking the node. */
export interface Key {
  readonly address: string;
  readonly provider: Provider;
  /** Whether it is here: nodes sign no blobs. */
  readonly isHere: boolean;
  sign(transaction: Unsigned): Promise<Sendable>;
}

/** A node signs no blob transactions: that takes a key that is here. */
export class NoBlobSignerError extends B52Error {
  constructor(sender: string) {
    super(`the node signs for ${sender}, expected a private key of its own that signs blob transactions`, { sender });
  }
}

/** A signer that is connected to no node. */
export class NoProviderError extends B52Error {
  constructor(sender: string) {
    super(`the signer of ${sender} is connected to no node, expected one with a provider`, { sender });
  }
}

/** The key behind a signer of ethers. @throws {NoProviderError} */
export async function keyOf(signer: Signer): Promise<Key> {
  const address = await signer.getAddress();
  const { provider } = signer;
  if (provider === null) throw new NoProviderError(address);
  return signer instanceof BaseWallet ? ownKey(signer, provider) : nodesKey(address, provider);
}

function nodesKey(address: string, provider: Provider): Key {
  return {
    ...{ address, provider, isHere: false },
    sign: ({ nonce, to, data, value, gasLimit, fees, sidecars }) => {
      if (sidecars.length > 0) throw new NoBlobSignerError(address);
      const { maxFeePerGas, maxPriorityFeePerGas } = fees;
      const numbers = { nonce, value, gas: gasLimit, maxFeePerGas, maxPriorityFeePerGas };
      const quantities = Object.fromEntries(Object.entries(numbers).map(([name, of]) => [name, toQuantity(of)]));
      const request = { from: address, to, data, ...quantities };
      return Promise.resolve({
        submit: async () => (await rpc(provider, "eth_sendTransaction", [request])) as string,
      });
    },
  };
}

function ownKey(signer: BaseWallet, provider: Provider): Key {
  return {
    ...{ address: signer.address, provider, isHere: true },
    async sign(unsigned) {
      const { fees, sidecars, ...plain } = unsigned;
      if (sidecars.length > 0) return signedBlobs(signer, provider, unsigned);
      const raw = await signer.signTransaction(await resolveProperties({ type: 2, ...plain, ...fees }));
      return { hash: Transaction.from(raw).hash!, submit: () => broadcast(provider, raw) };
    },
  };
}

const broadcast = async (provider: Provider, raw: string): Promise<string> =>
  (await rpc(provider, "eth_sendRawTransaction", [raw])) as string;

/** A node takes a transaction with blobs in neither form, and says something else to each. */
export class BlobsRefusedError extends B52Error {
  constructor(cellProofs: unknown, blobProofs: unknown) {
    super(
      `the node takes no blobs: with cell proofs it says "${reasonOf(cellProofs)}", ` +
        `with blob proofs "${reasonOf(blobProofs)}"`,
      {},
      { cause: blobProofs },
    );
  }
}

/** How blobs are packed for the network: EIP-4844, or EIP-7594 with a proof for each cell. */
type Wrapper = "blobProofs" | "cellProofs";

/** What a node has taken before. Clients differ: geth takes cell proofs alone, Hardhat blob proofs alone. */
const wrapperOf = new WeakMap<Provider, Wrapper>();

function signedBlobs(signer: BaseWallet, provider: Provider, { fees, sidecars, ...plain }: Unsigned): Sendable {
  const pack = (wrapper: Wrapper): Transaction => {
    const transaction = Transaction.from({
      ...{ type: 3, ...plain, ...fees },
      ...(wrapper === "cellProofs" && { blobWrapperVersion: 1 }),
      blobs: sidecars.map(({ blob, commitment, proof, cellProofs }) => ({
        data: blob,
        commitment,
        proof: wrapper === "cellProofs" ? cellProofs : proof,
      })),
    });
    transaction.signature = signer.signingKey.sign(transaction.unsignedHash);
    return transaction;
  };
  // The wrapper is no part of what is signed: sent twice, it is the same transaction.
  const { hash } = pack("cellProofs");
  return {
    hash: hash!,
    async submit() {
      const known = wrapperOf.get(provider);
      const refusals: unknown[] = [];
      for (const wrapper of known === undefined ? (["cellProofs", "blobProofs"] as const) : [known]) {
        try {
          const sent = await broadcast(provider, pack(wrapper).serialized);
          wrapperOf.set(provider, wrapper);
          return sent;
        } catch (error) {
          if (isOfTransport(error) || answerOf(error) !== "unclear") throw error;
          refusals.push(error);
        }
      }
      const [first, second] = refusals;
      throw second === undefined ? first : new BlobsRefusedError(first, second);
    },
  };
}
