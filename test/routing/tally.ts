/** The results of the cases of a run. */
export class Tally {
  readonly counts = new Map<string, number>();
  readonly disagreements: string[] = [];
  cases = 0;
  requests = 0;

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}
