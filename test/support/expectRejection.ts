import { expect } from "chai";

/** Awaits the rejection of `promise` with an error of exactly this class whose message contains `text`. */
export async function expectRejection<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...parameters: never[]) => E,
  text: string,
): Promise<E> {
  const error: unknown = await promise.then(
    () => expect.fail(`expected ${type.name}, but it succeeded`),
    (reason: unknown) => reason,
  );
  expect(error, String(error)).to.be.instanceOf(type);
  expect((error as E).message).to.contain(text);
  expect((error as E).message, "the message is one line").not.to.contain("\n");
  return error as E;
}
