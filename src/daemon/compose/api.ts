import { join } from "node:path";
import { type Api, createApi } from "../../api/index.ts";
import { encodeMessage, type Gossip, type Identity, sealEnvelope } from "../../gossip/index.ts";
import type { SignedTransfer } from "../../protocol/transfer.ts";
import { projectVersion } from "../../setup/project.ts";
import { PortError } from "../watch/statusServer.ts";
import type { Log } from "../../log/index.ts";
import type { Closing } from "../closing.ts";
import type { Settings } from "../settings/index.ts";
import { FILES, type NodePorts } from "./ports.ts";

export interface ServeApiOptions {
  readonly settings: Settings;
  readonly ports: NodePorts;
  readonly gossip: Gossip;
  /** Signs what is sent to the network. */
  readonly identity: Identity;
  readonly log: Log;
  readonly closing: Closing;
}

export interface ServedApi extends Pick<Api, "stats"> {
  /** http address, without a path. */
  readonly url: string;
}

/**
 * Serves the read API, where it is asked for.
 * @returns undefined if it is off
 * @throws {PortError}
 */
export async function serveApi({
  settings,
  ports,
  gossip,
  identity,
  log,
  closing,
}: ServeApiOptions): Promise<ServedApi | undefined> {
  const { api: listen, apiOrigin, dataDir } = settings;
  const { index, network } = ports;
  if (index === undefined || listen === undefined) return undefined;
  const send = async (transfer: SignedTransfer): Promise<void> => {
    const sealed = sealEnvelope(identity, "transactions", encodeMessage("transactions", transfer));
    await gossip.publish("transactions", sealed);
  };
  const api = await createApi(
    {
      ...{ ...ports, index, version: projectVersion(), log, send, gossip },
      peers: () => network.peers(),
      snapshots: join(dataDir, FILES.snapshots),
    },
    apiOrigin === undefined ? {} : { allowOrigin: apiOrigin },
  );
  closing.add("the API", () => api.close());
  try {
    const { address, port } = await api.listen(listen);
    return { url: `http://${address.includes(":") ? `[${address}]` : address}:${port}`, stats: () => api.stats() };
  } catch (error) {
    throw new PortError(listen, "api", error as NodeJS.ErrnoException);
  }
}
