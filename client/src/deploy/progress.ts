// What a deployment's progress looks like in words.
import type { Step } from '../../../cluster/src/index.ts';

/** A line that tells how far it is, from the newest state of each step. */
export function openProgress(total: number): (step: Step) => string {
  const states = new Map<string, Step>();
  return step => {
    states.set(step.id, step);
    const done = [...states.values()].filter(({ status }) => status === 'done').length;
    return `${done} of ${total}: ${step.id}${step.detail === '' ? '' : `, ${step.detail}`}`;
  };
}
