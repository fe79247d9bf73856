import { type ChildMessage, childMessage } from './messages';
import { ProtocolError } from './protocol-error';

/** @throws ProtocolError when the line is not JSON or not a message of the protocol */
export function parseMessage(line: string): ChildMessage {
  const shown = line.length > 120 ? `${line.slice(0, 120)}...` : line;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ProtocolError(
      `the program wrote ${JSON.stringify(shown)} to file descriptor 4, which is not JSON; use one message per line`,
    );
  }
  const parsed = childMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ProtocolError(
    `the program wrote ${shown}: ${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'is unknown'}`,
  );
}
