/** Seconds within which the same thing is said once. */
const REMIND_SECONDS = 60;

/** What was said of things that last, so that it is said again when it changes, and once a minute. */
export class Reminders {
  readonly #said = new Map<string, { readonly what: string; readonly at: number }>();

  /**
   * Whether it is to be said now.
   * @param subject that lasts
   * @param what is the matter with it
   * @param now seconds of any clock, the same each time
   */
  isNews(subject: string, what: string, now: number): boolean {
    for (const [old, { at }] of this.#said) if (now - at >= REMIND_SECONDS) this.#said.delete(old);
    if (this.#said.get(subject)?.what === what) return false;
    this.#said.set(subject, { what, at: now });
    return true;
  }

  forget(subject: string): void {
    this.#said.delete(subject);
  }
}
