import { expect } from "chai";
import { babyjubjub } from "@noble/curves/misc.js";
import * as circomlibjs from "circomlibjs";
import {
  accountKeyOf,
  decodePublicKey,
  decodeSignature,
  encodePublicKey,
  encodeSignature,
  FIELD,
  isPublicKey,
  keyHash,
  MalformedError,
  type Point,
  poseidon,
  publicKey,
  secretKeyFromSeed,
  sign,
  SUBGROUP_ORDER,
  verify,
} from "../../src/protocol/index.ts";
import { lowOrderPoints } from "./lowOrderPoints.ts";

const secret = secretKeyFromSeed("eddsa.test");
const key = publicKey(secret);
const message = 42n;
const signature = sign(secret, message);

describe("eddsa", () => {
  it("signs what circomlibjs verifies, and the other way round", async () => {
    const eddsa = await circomlibjs.buildEddsa();
    const F = eddsa.F;
    const point = ({ x, y }: Point): Uint8Array[] => [F.e(x), F.e(y)];
    expect(eddsa.verifyPoseidon(F.e(message), { R8: point(signature.r8), S: signature.s }, point(key))).to.equal(true);
    expect(eddsa.verifyPoseidon(F.e(43n), { R8: point(signature.r8), S: signature.s }, point(key))).to.equal(false);

    const seed = Buffer.alloc(32, 7);
    const theirs = eddsa.signPoseidon(seed, F.e(message));
    const [x, y] = eddsa.prv2pub(seed).map((v) => F.toObject(v)) as [bigint, bigint];
    const r8 = { x: F.toObject(theirs.R8[0]!), y: F.toObject(theirs.R8[1]!) };
    expect(verify({ x, y }, message, { r8, s: theirs.S })).to.equal(true);
  });

  it("verifies its own signatures and nothing near them", () => {
    expect(verify(key, message, signature)).to.equal(true);
    expect(verify(key, message + 1n, signature)).to.equal(false);
    expect(verify(publicKey(secret + 1n), message, signature)).to.equal(false);
    expect(verify(key, message, { ...signature, s: signature.s + 1n })).to.equal(false);
    expect(verify(key, message, { ...signature, r8: key })).to.equal(false);
  });

  it("gives one signature for one message", () => {
    expect(sign(secret, message)).to.deep.equal(signature);
    expect(sign(secret, message + 1n).r8).to.not.deep.equal(signature.r8);
  });

  it("refuses S + l, S + 2l and coordinates or messages that are not canonical", () => {
    for (const k of [1n, 2n]) {
      expect(verify(key, message, { ...signature, s: signature.s + k * SUBGROUP_ORDER })).to.equal(false);
    }
    expect(verify(key, message, { ...signature, s: signature.s - SUBGROUP_ORDER })).to.equal(false);
    expect(verify({ ...key, x: key.x + FIELD }, message, signature)).to.equal(false);
    expect(verify(key, message, { ...signature, r8: { ...signature.r8, y: signature.r8.y + FIELD } })).to.equal(false);
    expect(verify(key, message + FIELD, signature)).to.equal(false);
  });

  it("refuses keys of order 1, 2, 4 and 8, with which anything would verify", () => {
    const points = lowOrderPoints();
    expect(new Set(points.map(({ x, y }) => `${x},${y}`)).size).to.equal(8);
    for (const point of points) {
      expect(isPublicKey(point)).to.equal(false);
      // S B8 = R8 + 8 h A with 8 A = 0: valid for every message if the key were accepted.
      expect(verify(point, message, { r8: publicKey(5n), s: 5n })).to.equal(false);
    }
  });

  it("has no public key with a part of low order, though its secret signs: 8 A is the same", () => {
    const { Point } = babyjubjub;
    for (const torsion of lowOrderPoints().filter(({ x, y }) => x !== 0n || y !== 1n)) {
      const twin = Point.fromAffine(key).add(Point.fromAffine(torsion)).toAffine();
      expect(isPublicKey(twin)).to.equal(false);
      expect(keyHash(twin)).to.not.equal(keyHash(key));
      expect(twin.y).to.not.equal(key.y);
      const { r8 } = signature;
      const h = poseidon([r8.x, r8.y, key.x, key.y, message]);
      const twinsH = poseidon([r8.x, r8.y, twin.x, twin.y, message]);
      const s = (signature.s + 8n * secret * (twinsH + 8n * SUBGROUP_ORDER - h)) % SUBGROUP_ORDER;
      expect(verify(twin, message, { r8, s })).to.equal(true);
      expect(verify(twin, message, signature)).to.equal(false);
    }
  });

  it("knows an account by y alone: of its two points one has the secret l - s, and no signature is of both", () => {
    const negative = publicKey(SUBGROUP_ORDER - secret);
    expect(negative).to.deep.equal({ x: FIELD - key.x, y: key.y });
    expect(accountKeyOf(SUBGROUP_ORDER - secret)).to.equal(accountKeyOf(secret));
    expect(verify(negative, message, sign(SUBGROUP_ORDER - secret, message))).to.equal(true);
    const { r8, s } = signature;
    for (const other of [s, SUBGROUP_ORDER - s]) {
      expect(verify(negative, message, { r8, s: other })).to.equal(false);
      expect(verify(negative, message, { r8: { x: FIELD - r8.x, y: r8.y }, s: other })).to.equal(false);
    }
  });

  it("refuses points off the curve", () => {
    expect(isPublicKey({ x: key.x, y: (key.y + 1n) % FIELD })).to.equal(false);
    expect(isPublicKey({ x: 1n, y: 1n })).to.equal(false);
  });

  it("refuses secrets that are 0 or not reduced, without telling them", () => {
    for (const bad of [0n, SUBGROUP_ORDER, secret + SUBGROUP_ORDER, -1n]) {
      expect(() => publicKey(bad)).to.throw(MalformedError, /^secret key is hidden, expected 1 to SUBGROUP_ORDER - 1$/);
    }
    expect(publicKey(SUBGROUP_ORDER - 1n).x).to.equal(FIELD - publicKey(1n).x);
  });

  it("round-trips its encodings and refuses others", () => {
    expect(decodeSignature(encodeSignature(signature))).to.deep.equal(signature);
    expect(decodePublicKey(encodePublicKey(key))).to.deep.equal(key);
    expect(() => decodeSignature(`${encodeSignature(signature)}00`)).to.throw(MalformedError, "signature");
    expect(() => decodePublicKey("0x12")).to.throw(MalformedError, "public key");
    expect(() => decodePublicKey(encodePublicKey({ x: 0n, y: 1n }))).to.throw(MalformedError, "prime subgroup");
  });
});
