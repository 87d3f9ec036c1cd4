// The tasks of an app as they are listed: those that run or start, and after them what is reserved for ones that do not.
import { answerReserved, answerTask } from './answer-task.ts';
import type { Marathon } from './marathon.ts';
import type { Reservation } from './reservations.ts';
import { idleReservations } from './run.ts';

export function idleOf({ runs }: Marathon, appId: string): Reservation[] {
  const run = runs.all.get(appId);
  return run === undefined ? [] : idleReservations(run);
}

export const listTasks = (marathon: Marathon, appId: string): Readonly<Record<string, unknown>>[] => [
  ...marathon.runs.ofApp(appId).map(instance => answerTask(instance, marathon.version)),
  ...idleOf(marathon, appId).map(reservation => answerReserved(reservation, marathon.version)),
];
