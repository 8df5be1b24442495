/** Collects what a package reports after the response, such as log lines or spans. */
export class Reports<Report> {
  #reports: Report[] = [];
  #wake: () => void = () => undefined;

  add(report: Report): void {
    this.#reports.push(report);
    this.#wake();
  }

  /** Waits for a report that matches. Returns it with all reports before it since the last call. */
  async until(matches: (report: Report) => boolean): Promise<Report[]> {
    for (;;) {
      const index = this.#reports.findIndex(matches);
      if (index !== -1) {
        return this.#reports.splice(0, index + 1);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
