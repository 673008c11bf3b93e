import { Command } from "commander";
import type { CommandContext } from "../context.ts";

export const statusCommand = (_: CommandContext): Command => new Command("status").description("Show what may be done now.");
