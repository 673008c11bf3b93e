import { Command } from "commander";
import type { CommandContext } from "../context.ts";

export const deployCommand = (_: CommandContext): Command => new Command("deploy").description("Deploy the contracts.");
