import { Command } from "commander";
import type { CommandContext } from "../context.ts";

export const benchCommand = (_: CommandContext): Command => new Command("bench").description("Measure what things cost.");
