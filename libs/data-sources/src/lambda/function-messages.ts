/** What the server asks a function's process to do. */
export interface InvokeMessage {
  readonly id: number;
  /** The event, JSON text. */
  readonly payload: string;
  /** `awsRequestId` of the handler's context. */
  readonly requestId: string;
  /** When the server stops waiting, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** What became of the {@link InvokeMessage} of the same id. `payload` is as in `LambdaAnswer`. */
export interface AnswerMessage {
  readonly id: number;
  readonly kind: 'result' | 'failure';
  readonly payload: string;
}

/** How a function's process is set up: JSON text, its one argument. */
export interface FunctionSettings {
  /** `file:` URL of the module that exports `handler`. */
  readonly handlerUrl: string;
  /** `functionName` of the handler's context. */
  readonly name: string;
  readonly memoryMb: number;
  /** The server's process id: with it gone, so is the function. */
  readonly serverPid: number;
  /** All memory of the process over which it ends itself, in bytes. The heap has a limit of its own. */
  readonly maxMemoryBytes: number;
  readonly maxPayloadBytes: number;
}
