// The text of a followed file: it grows at its end, and loses its beginning where it would grow too long.

/** What an editor shows without effort. */
export const mostShown = 4_000_000;

export const leftOut = '[The beginning is left out.]\n';

/** Adds `more`; what is over `most` characters goes from the beginning, in whole lines where there are any. */
export function append(text: string, more: string, most: number = mostShown): string {
  const whole = text + more;
  if (whole.length <= most) return whole;
  const rest = whole.slice(whole.length - Math.floor(most * 0.9));
  const line = rest.indexOf('\n');
  return leftOut + (line < 0 ? rest : rest.slice(line + 1));
}
