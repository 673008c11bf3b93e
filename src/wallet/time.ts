/** A moment as people read it, in UTC. @param seconds Unix */
export const formatMoment = (seconds: bigint): string =>
  `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

const UNITS = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
] as const;

/** A time span in its two largest units: "6 days 3 hours". */
export function formatDuration(seconds: bigint): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first === -1) return "0 seconds";
  let rest = seconds;
  const parts = UNITS.slice(first, first + 2).flatMap(([name, size]) => {
    const count = rest / size;
    rest %= size;
    return count === 0n ? [] : [`${count} ${name}${count === 1n ? "" : "s"}`];
  });
  return parts.join(" ");
}
