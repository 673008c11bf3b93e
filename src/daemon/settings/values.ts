import { resolve } from "node:path";
import { formatUnits, parseUnits } from "ethers";
import { z } from "zod";
import { endpointOf } from "../../chain/url.ts";

/** What a setting is in a file of JSON; a flag or a variable of the environment gives all of it as text. */

/** A text that means yes or no. */
export const yesNo = z.union(
  [z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")],
  "expected true or false",
);

/** A whole number within bounds. */
export function whole(least: number, most: number): z.ZodType<number> {
  const expected = `expected a whole number from ${least} to ${most}`;
  const text = z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number);
  return z.union([z.number(), text], expected).pipe(z.number().int(expected).min(least, expected).max(most, expected));
}

/** Tokens or ether of 18 decimals, as wei. */
export const amount: z.ZodType<bigint> = z
  .union([z.string(), z.number().transform(String)], "expected an amount, e.g. 1.5")
  .transform((text, context) => {
    try {
      const wei = parseUnits(text.trim(), 18);
      if (wei >= 0n) return wei;
    } catch {
      // Said below.
    }
    context.addIssue({
      code: "custom",
      message: "expected an amount of 0 or more, e.g. 1.5, with at most 18 decimals",
    });
    return z.NEVER;
  });

/** Several of something: a list, or texts between commas. */
export const several = <T>(each: z.ZodType<T, string>): z.ZodType<readonly T[]> =>
  z
    .union(
      [
        z.array(z.string()),
        z.string().transform((text) =>
          text
            .split(",")
            .map((part) => part.trim())
            .filter((part) => part !== ""),
        ),
      ],
      "expected a list of texts",
    )
    .pipe(z.array(each));

/** A word out of a few. */
export const oneOf = <W extends string>(...words: readonly [W, ...W[]]): z.ZodType<W> =>
  z.enum(words, `expected one of ${words.join(", ")}`);

/** The address of a server. It may have a password, so it is never shown whole. */
export const address: z.ZodType<string, string> = z.string().superRefine((text, context) => {
  try {
    endpointOf(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
  }
});

/** The address of a Redis. It may have a password, so it is never shown whole. */
export const redis: z.ZodType<string, string> = z
  .string()
  .refine(
    (text) => ["redis:", "rediss:"].includes(URL.parse(text)?.protocol ?? ""),
    "expected redis://host:port or rediss://host:port",
  );

/** What `b52 prove-worker key` shows. */
export const workerKey: z.ZodType<string, string> = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits in lower case, as b52 prove-worker key shows them");

/** A path; from a file it is meant from the file's folder, from elsewhere from the caller's. */
export const path: z.ZodType<string, string> = z.string().min(1, "expected a path");

/** A folder, or the address of one on a web server. */
export const place: z.ZodType<string, string> = z.string().min(1, "expected a folder or an http(s) address");

export const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** A path as it was meant where it was written. */
export const absolute = (from: string, text: string): string => (isAddress(text) ? text : resolve(from, text));

/** Where a server listens. */
export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, or `off`. */
export const listen: z.ZodType<Listen | undefined> = z
  .string()
  .regex(/^(off|(\[[0-9a-f:]+\]|[^:\s]+):\d{1,5})$/i, "expected host:port, e.g. 127.0.0.1:9520, or off")
  .transform((text) => {
    if (text.toLowerCase() === "off") return undefined;
    const at = text.lastIndexOf(":");
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(text.slice(at + 1)) };
  })
  .refine((at) => at === undefined || at.port <= 65_535, "expected a port from 0 to 65535");

/** A libp2p address. Whether it is one, libp2p says. */
export const multiaddress: z.ZodType<string, string> = z
  .string()
  .regex(/^\//, "expected a libp2p address, e.g. /ip4/203.0.113.7/tcp/9530");

/** An amount as it is written. */
export const written = (wei: bigint): string => formatUnits(wei, 18).replace(/\.0$/, "");
