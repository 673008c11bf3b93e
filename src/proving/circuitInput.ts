/** circom's input: field elements by signal name, arrays nested as the signal is, a bus as the array of its signals. */
export type CircuitInput = Readonly<Record<string, SignalValue>>;
export type SignalValue = bigint | readonly SignalValue[];
