/** Reports progress on stderr, so that stdout contains only results. */
export class Progress {
  readonly #started = performance.now();

  say(text: string): void {
    const seconds = Math.round((performance.now() - this.#started) / 1000);
    process.stderr.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
  }
}
