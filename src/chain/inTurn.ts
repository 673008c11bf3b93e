/** For each sender the end of its last submission. */
const turns = new Map<string, Promise<unknown>>();

/** Submits a sender's transactions one after the other, of whatever kind: so are their nonces taken. */
export async function inTurn<T>(sender: string, task: () => Promise<T>): Promise<T> {
  const turn = Promise.resolve(turns.get(sender))
    .catch(() => undefined)
    .then(task);
  turns.set(sender, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(sender) === turn) turns.delete(sender);
  }
}
