import type { Provider } from "ethers";

/** Asks what ethers has no function for, or asks more than once for. */
export const rpc = (provider: Provider, method: string, params: readonly unknown[]): Promise<unknown> =>
  (provider as Provider & { send(method: string, params: readonly unknown[]): Promise<unknown> }).send(method, params);
