// Percent-encoded text, which anybody may have written by hand.

/** As it is written where it cannot be decoded: `%A0` is no character of UTF-8. */
export function decoded(text: string): string {
  return decodedOrNone(text) ?? text;
}

export function decodedOrNone(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
