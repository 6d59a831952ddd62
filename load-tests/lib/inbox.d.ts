export interface Inbox {
  put(handle: (text: string, at: number) => void, text: string, at: number): void;
  empty(): void;
}

export function createInbox(): Inbox;
