/** A series at one moment: its name, its labels, its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads what `/metrics` says. */
export function parseMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, labels: parseLabels(labels), value: Number(value) }];
  });
}

const parseLabels = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name!, value!]));

const EXPRESSION = /^(?:(abs|increase|delta)\()?(\w+)(?:\{([^}]*)\})?(\[\w+\])?\)? (==|<|>) (-?[\d.]+(?:e\d+)?)$/;

/** The forms that the alert rules use. @throws for any other */
export function isFiring(expression: string, before: readonly Sample[], now: readonly Sample[]): boolean {
  const found = EXPRESSION.exec(expression);
  if (found === null) throw new Error(`no form that is known: ${expression}`);
  const [, fn, name, labels = "", range, operator, limit] = found;
  if ((fn === "increase" || fn === "delta") !== (range !== undefined))
    throw new Error(`a range is amiss: ${expression}`);
  const wanted = Object.entries(parseLabels(labels));
  const values = now
    .filter((sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
    .flatMap((sample) => {
      if (range === undefined) return [fn === "abs" ? Math.abs(sample.value) : sample.value];
      // Prometheus sees no growth of what was not there before.
      const earlier = before.find((other) => keyOf(other) === keyOf(sample));
      return earlier === undefined ? [] : [sample.value - earlier.value];
    });
  const compare = {
    "==": (a: number, b: number) => a === b,
    "<": (a: number, b: number) => a < b,
    ">": (a: number, b: number) => a > b,
  };
  return values.some((value) => compare[operator as keyof typeof compare](value, Number(limit)));
}

const keyOf = ({ name, labels }: Sample): string => [name, ...Object.entries(labels).map(String).sort()].join();
