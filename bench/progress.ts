/** Says on the error stream what is being done, so that the results alone can be redirected. */
export class Progress {
  readonly #started = performance.now();

  say(text: string): void {
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    process.stderr.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
  }
}
