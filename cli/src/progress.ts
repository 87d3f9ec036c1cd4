// The steps of a deployment as lines, each said once.
import type { Step } from '../../cluster/src/index.ts';

export function progressTo(write: (text: string) => void): (step: Step) => void {
  const said = new Map<string, string>();
  return ({ id, status, detail }) => {
    const words = detail || status;
    if (said.get(id) === words) return;
    said.set(id, words);
    write(`${id}: ${words}\n`);
  };
}
