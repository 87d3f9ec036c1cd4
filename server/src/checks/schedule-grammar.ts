// A schedule that Chronos cannot read.
import { scheduleRule } from './schedule-rule.ts';

export const scheduleGrammar = scheduleRule('schedule-grammar', 'error');
