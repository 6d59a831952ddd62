export function currentCommit(folder?: string): Promise<string>;

export function changedSince(commit: string, folder?: string): Promise<string[]>;
