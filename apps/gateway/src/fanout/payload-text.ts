/** The JSON text of `{data, errors?}` that a delivery group gets of one event: made once, shared by all its deliveries. */
export interface PayloadText {
  readonly text: string;
  /**
   * The text's UTF-8 bytes, each as the character of its number: what a frame is built of as one string that is written as
   * `latin1`. The same string as `text` where that is ASCII.
   */
  readonly latin1: string;
  /** Of the UTF-8 bytes. */
  readonly byteLength: number;
}

/** Encodes a text, which must have no lone surrogates; those of JSON texts are escaped. */
export function payloadText(text: string): PayloadText {
  const byteLength = Buffer.byteLength(text);
  const latin1 = byteLength === text.length ? text : Buffer.from(text).toString('latin1');
  return { text, latin1, byteLength };
}
