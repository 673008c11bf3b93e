import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { B52Error } from "../../protocol/errors.ts";
import { FileMalformedError } from "../errors.ts";
import { readBytes, sha256OfFile, writeAtomically } from "../files.ts";

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.strictObject({
  version: z.literal(1),
  circuit: z.string().min(1),
  /** Hash of the compiled circuit that the key is for. */
  circuitHash: z.string().min(1),
  /** The secrets of a development key are public: it is refused outside local networks. */
  development: z.boolean(),
  /** Name of the `.zkey` in the manifest's folder. */
  zkey: z
    .string()
    .refine((name) => name === basename(name) && name.endsWith(".zkey"), "expected the name of a .zkey file"),
  zkeyHash: sha256Hex,
  /** SHA-256 of `alpha | beta | gamma` as the contracts take them. */
  tauHash: sha256Hex,
});

/** What lies beside every proving key and says where it comes from. */
export type KeyManifest = Readonly<z.infer<typeof schema>>;

/** @throws FileMalformedError @throws FileAccessError */
export async function readManifest(path: string): Promise<KeyManifest> {
  const bytes = await readBytes(path);
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll("\n", " ") : "it is not JSON";
    throw new FileMalformedError(path, "key manifest", reason);
  }
}

/** @throws FileAccessError */
export function writeManifest(path: string, manifest: KeyManifest): Promise<void> {
  return writeAtomically(path, [new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)]);
}

/** Whether a key has the bytes that its manifest was written for. Reads all of them. */
export async function isKeyWhole(manifestPath: string): Promise<boolean> {
  try {
    const { zkey, zkeyHash } = await readManifest(manifestPath);
    return (await sha256OfFile(join(dirname(manifestPath), zkey))) === zkeyHash;
  } catch (error) {
    if (error instanceof B52Error) return false; // one of the files is missing, or damaged
    throw error;
  }
}
