import {
  AbstractSigner,
  type Provider,
  type Signer,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";

/** Most gas that one transaction may have (EIP-7825). */
const MAX_TRANSACTION_GAS = 2n ** 24n;

/**
 * A signer that gives every transaction a quarter more gas than it was estimated to need. What a call costs depends on
 * the block that it gets into: others may fill or free storage before it, and a new checkpoint costs more than one of
 * the same second.
 */
export class GasHeadroom extends AbstractSigner {
  readonly #signer: Signer;

  constructor(signer: Signer) {
    super(signer.provider);
    this.#signer = signer;
  }

  override connect(provider: null | Provider): GasHeadroom {
    return new GasHeadroom(this.#signer.connect(provider));
  }

  override getAddress(): Promise<string> {
    return this.#signer.getAddress();
  }

  override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    const gas = ((await this.#signer.estimateGas(transaction)) * 5n) / 4n;
    return this.#signer.sendTransaction({
      ...transaction,
      gasLimit: gas < MAX_TRANSACTION_GAS ? gas : MAX_TRANSACTION_GAS,
    });
  }

  override signTransaction(transaction: TransactionRequest): Promise<string> {
    return this.#signer.signTransaction(transaction);
  }

  override signMessage(message: string | Uint8Array): Promise<string> {
    return this.#signer.signMessage(message);
  }

  override signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.#signer.signTypedData(domain, types, value);
  }
}
