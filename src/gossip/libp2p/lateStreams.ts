import type { Connection, PeerId, Stream } from "@libp2p/interface";

/** The part of gossipsub that opens streams to peers. */
interface Streams {
  readonly streamsOutbound: Map<string, { readonly rawStream: Stream }>;
  createOutboundStream(peer: PeerId, connection: Connection): Promise<void>;
}

/**
 * Lets gossipsub (17.1.1) drop a stream that was opened while its connection closed. It would keep it with all of the
 * connection for good, and would send nothing to the peer when that comes back, as it has a stream to it.
 */
export function dropLateStreams(pubsub: object): void {
  const streams = pubsub as Streams;
  const create = streams.createOutboundStream.bind(streams);
  streams.createOutboundStream = async (peer, connection) => {
    const id = peer.toString();
    const before = streams.streamsOutbound.get(id);
    await create(peer, connection);
    const opened = streams.streamsOutbound.get(id);
    if (opened === undefined || opened === before || connection.status === "open") return;
    streams.streamsOutbound.delete(id);
    opened.rawStream.abort(new Error("the connection closed while the stream was opened"));
  };
}
