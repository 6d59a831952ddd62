export interface StoryReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export function readStories(report: StoryReport): {
  readonly passed: number;
  readonly protocols: readonly string[];
  readonly clients: readonly string[];
  readonly faults: readonly string[];
};
