// Loaded first by a program of a devnet whose clock is to be wrong: by SHIFT_CLOCK_MS milliseconds.
const shift = Number(process.env.SHIFT_CLOCK_MS);
const now = Date.now;
globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(now() + shift);
    else super(...args);
  }

  static now() {
    return now() + shift;
  }
};
