import type { AttackBench } from "./attacks.ts";
import { table } from "./document.ts";

/** What `bench attacks` says to people. */
export function describeAttacks({ played, report: { attacks } }: AttackBench): string {
  const rows = attacks.map(({ name, preset, cost, gain, pays }, i) => [
    ...[name, played[i]![0].aim, preset],
    ...[cost.toFixed(2), `${gain.toFixed(2)}${pays ? ", **pays**" : ""}`],
  ]);
  const stories = played.map(
    ([{ name, story, answer, before }]) =>
      `- **${name}**: ${story} _${answer}_${before === undefined ? "" : ` Before: ${before}`}`,
  );
  const paying = attacks.filter(({ pays }) => pays).length;
  return `${attacks.length} attacks, of which ${paying} pay; costs and gains in tokens, of which a block earns 100.

${table(["attack", "aim", "preset", "cost", "gain"], rows)}

What happens, _why it does not pay or what bounds it_, and what it came to before that, where it is known:

${stories.join("\n")}`;
}
