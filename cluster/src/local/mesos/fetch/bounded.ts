// A stream that lets a bounded number of bytes through, and fails at the next.
import { Transform } from 'node:stream';

export function bounded(most: number, problem: string): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      seen += chunk.length;
      if (seen > most) done(new Error(problem));
      else done(null, chunk);
    },
  });
}
