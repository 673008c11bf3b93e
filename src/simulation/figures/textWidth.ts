/** Widths in DejaVu Sans, em: narrow letters, digits and most others. */
const WIDTHS: readonly (readonly [letters: RegExp, em: number])[] = [
  [/[ijl.,:;'|!()[\]I ]/, 0.34],
  [/[frt/-]/, 0.4],
  [/[mwMW%]/, 0.92],
  [/[A-Z]/, 0.7],
];
const OTHERS = 0.62;
const BOLD = 1.12;

/**
 * Pixels that a text takes, near enough to leave it room and not much more. The same on every machine, whether it can
 * measure texts or not.
 */
export function textWidth(text: string, fontSize: number, isBold = false): number {
  const em = [...text].reduce(
    (sum, letter) => sum + (WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? OTHERS),
    0,
  );
  return Math.ceil(em * fontSize * (isBold ? BOLD : 1));
}
