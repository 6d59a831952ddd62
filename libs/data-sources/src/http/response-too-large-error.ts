/** The answer's body is larger than it may be. */
export class ResponseTooLargeError extends Error {
  override readonly name = 'ResponseTooLargeError';
  readonly code = 'ERR_RESPONSE_TOO_LARGE';

  constructor(readonly maxBytes: number) {
    super(`The response is larger than ${maxBytes} bytes.`);
  }
}
