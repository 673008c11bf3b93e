import { BlobUnavailableError } from "../blobs/errors.ts";
import {
  ChainUnreachableError,
  isDisconnect,
  isOddAnswer,
  NodeSilentError,
  NodeUnusableError,
  RefusedBlockError,
} from "../chain/errors.ts";
import { MissingDataError, MissingHeightError, NodeBehindError } from "../sync/errors.ts";
import { isOneOf } from "./crowded.ts";

const ABSENCES = [
  ...[BlobUnavailableError, MissingDataError, MissingHeightError, NodeBehindError],
  ...[ChainUnreachableError, NodeSilentError, NodeUnusableError, RefusedBlockError],
] as const;

/**
 * What a node or a source of blobs says of what it does not have now, and may have in a moment. One address of a node
 * often stands for several machines, of which one lacks the block that another has told of.
 */
export const isAbsence = (error: unknown): error is Error =>
  isOneOf(ABSENCES, error) || isDisconnect(error) || isOddAnswer(error);
