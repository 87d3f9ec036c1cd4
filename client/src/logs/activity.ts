// Whether a task still runs, by what is known of the cluster.
import type { LiveState } from '../../../cluster/src/live/state.ts';

const over = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
]);

/** Undefined where it cannot be told: the cluster is silent. */
export function isActive(state: LiveState | undefined, task: string): boolean | undefined {
  if (state?.connection.status !== 'online') return undefined;
  if (state.apps.some(app => app.tasks.some(({ id, state }) => id === task && !over.has(state)))) return true;
  return state.jobs.some(job => job.current === 'running' && job.taskIds[0] === task);
}
