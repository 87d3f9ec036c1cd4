// A schedule that never runs, or for ever where it should not.
import { scheduleRule } from './schedule-rule.ts';

export const scheduleRepeats = scheduleRule('schedule-repeats', 'warning');
