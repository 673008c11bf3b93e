import type { Deployment } from "../chain/deployment.ts";
import { B52Error } from "../protocol/errors.ts";
import { PROFILES, type Profile, type ProfileName } from "../protocol/profile.ts";

/** A rollup of sizes that this program builds no circuits for. */
export class UnknownProfileError extends B52Error {
  constructor(profile: Deployment["profile"]) {
    super(
      `profile ${profile.name} of the deployment is ${sizes(profile)}, expected one of ` +
        `${Object.keys(PROFILES).join(", ")}, as this program has them`,
      { profile },
    );
  }
}

const sizes = ({ arity, levels, accountDepth, transfersPerBase, operationsPerBase }: Deployment["profile"]): string =>
  `arity ${arity}, levels ${levels}, accountDepth ${accountDepth}, transfersPerBase ${transfersPerBase}, ` +
  `operationsPerBase ${operationsPerBase}`;

/** The profile of a deployment, if this program has it. @throws {UnknownProfileError} */
export function knownProfile({ profile }: Pick<Deployment, "profile">): Profile & { readonly name: ProfileName } {
  const name = profile.name as ProfileName;
  const known = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (known === undefined || sizes(known) !== sizes(profile)) throw new UnknownProfileError(profile);
  return { ...known, name };
}
