// A start that is refused, or that lies back.
import { scheduleRule } from './schedule-rule.ts';

export const scheduleStart = scheduleRule('schedule-start', 'warning');
