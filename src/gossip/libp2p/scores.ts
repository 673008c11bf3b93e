import type { PeerScoreParams, PeerScoreThresholds, TopicScoreParams } from "@libp2p/gossipsub/score";
import type { Offences } from "./offences.ts";

// What a node thinks of its peers. Only proven forgery (a REJECT: P5; P4 is for what gossipsub itself refuses) and
// breaking the rules of the mesh (P7) cost anything. Who says nothing for hours is as good as anybody else, so
// deliveries that are missed do not count (P3, P3b): B52 is quiet for minutes and then loud for seconds.

const topicScores: TopicScoreParams = {
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 300,
  firstMessageDeliveriesWeight: 0.1,
  firstMessageDeliveriesDecay: 0.98,
  firstMessageDeliveriesCap: 50,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 1,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 0,
  meshMessageDeliveriesActivation: 1_000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  // Messages with a key or a signature of gossipsub's own, which nobody here sends; and what `Offences` counts.
  invalidMessageDeliveriesWeight: -2,
  invalidMessageDeliveriesDecay: 0.99,
};

/**
 * Three forgeries silence a peer: 90 of {@link Offences} and 18 of gossipsub.
 * @param topics of the network
 * @param isLocal whether peers share an address because all are on one machine
 */
export function scoreParams(
  topics: readonly string[],
  isLocal: boolean,
  offences: Pick<Offences, "score">,
): Partial<PeerScoreParams> {
  return {
    topics: Object.fromEntries(topics.map((topic) => [topic, topicScores])),
    topicScoreCap: 20,
    appSpecificScore: (peer) => offences.score(peer),
    appSpecificWeight: 1,
    IPColocationFactorWeight: isLocal ? 0 : -5,
    IPColocationFactorThreshold: 16,
    behaviourPenaltyWeight: -1,
    // A peer that is restarted may graft too early now and then.
    behaviourPenaltyThreshold: 6,
    behaviourPenaltyDecay: 0.9,
    decayInterval: 1_000,
    decayToZero: 0.1,
    retainScore: 600_000,
  };
}

export const SCORE_THRESHOLDS: PeerScoreThresholds = {
  gossipThreshold: -20,
  publishThreshold: -40,
  graylistThreshold: -80,
  acceptPXThreshold: 10,
  opportunisticGraftThreshold: 1,
};
