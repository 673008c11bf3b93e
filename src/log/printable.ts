/** Ends of lines, what moves a terminal's cursor or turns text around, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text as it can be shown, whoever it is from: on one line, with what does something else as `\u` and its number. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (each) => `\\u${each.codePointAt(0)!.toString(16).padStart(4, "0")}`);
