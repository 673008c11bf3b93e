/** circom's input: field elements by signal name, arrays nested as the signal is. */
export type CircuitInput = Readonly<Record<string, SignalValue>>;
export type SignalValue = bigint | readonly SignalValue[];
