/** The program broke the protocol: says what it sent and what is allowed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
