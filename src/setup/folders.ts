import type { Deployment } from "../chain/deployment.ts";
import { databaseName } from "../sync/database.ts";
import { projectPath } from "./project.ts";

/** Where the L2 of a rollup is kept, unless the user says where. */
export const databaseFolder = (deployment: Deployment): string =>
  projectPath("build", "sync", databaseName(deployment));

/** Where the blobs of a rollup are kept that were made or read here. */
export const blobFolder = (deployment: Deployment): string => projectPath("build", "blobs", databaseName(deployment));
