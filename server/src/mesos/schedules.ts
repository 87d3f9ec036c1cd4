// Chronos schedules, `R[n]/[start]/period`, and what each release makes of them.
// Sources: mesos/chronos 2.4.0 and v3.0.2, schedule/ISO8601Parser, JobUtils, JobScheduler; issue #814 for the job that runs for ever.
import type { Release } from '../../../protocol/src/plan.ts';
import { type Problem, productName, products } from './releases.ts';

export interface Schedule {
  /** How many runs; undefined: without end. */
  readonly repeats: number | undefined;
  /** In milliseconds since 1970; undefined: now. */
  readonly start: number | undefined;
  /** In milliseconds, years and months in round figures. */
  readonly period: number;
}

const instant =
  /^(\d{4,9})(?:-(\d{2})(?:-(\d{2}))?)?(?:T(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const amount =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d{1,9})?)S)?)?$/i;
const lengths = [31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1];

/** An ISO 8601 duration in milliseconds; undefined when it is none. */
export function durationOf(text: string): number | undefined {
  const found = amount.exec(text);
  return found
    ?.slice(1)
    .reduce((sum, part, index) => sum + Number((part ?? '0').replace(',', '.')) * (lengths[index] ?? 0) * 1000, 0);
}

function instantOf(text: string): number | undefined {
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', , zone = 'Z'] =
    instant.exec(text) ?? [];
  if (year === '') return undefined;
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase();
  const whole = year.length === 4 ? year : `+${year.padStart(6, '0')}`;
  const time = Date.parse(`${whole}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // a 31st of February rolls over to March
  return Number.isNaN(time) || date.getUTCDate() !== Number(day) ? undefined : time;
}

/** One sentence where the text is no schedule. */
export function readSchedule(text: string): Schedule | { readonly problem: string } {
  const [first = '', start = '', period = '', ...rest] = text.split('/');
  const form = 'Write `R[n]/[start]/period`, for example `R/2030-01-01T00:00:00Z/PT1H` or `R1//PT1M`.';
  const problem = (what: string) => ({ problem: `Chronos cannot read the schedule "${text}": ${what} ${form}` });
  if (!/^R\d*$/.test(first)) return problem('it must begin with R, or R and the number of runs.');
  if (text.split('/').length < 3 || rest.length > 0)
    return problem('it must have three parts, with a slash between them.');
  if (/^P/i.test(start)) return problem(`its second part is a start, not a period ("${start}").`);
  const length = period.startsWith('P') ? durationOf(period) : undefined;
  if (length === undefined) return problem(`"${period}" is no period such as PT1H or P1D.`);
  const begins = start === '' ? undefined : instantOf(start);
  // Joda reads weeks, days of the year and bare times too; nobody here needs to know when those are
  const exotic = /^(\d{4}-(W\d{2}(-\d)?|\d{3})(T.*)?|T\d.*)$/.test(start);
  if (start !== '' && begins === undefined && !exotic)
    return problem(`"${start}" is no date and time such as 2030-01-01T00:00:00Z.`);
  const repeats = first === 'R' ? undefined : Number(first.slice(1));
  return { repeats, start: begins, period: length };
}

export interface ScheduleProblem extends Problem {
  readonly code: 'schedule-grammar' | 'schedule-repeats' | 'schedule-start';
  /** It goes away where the job has no retries. */
  readonly ofRetries?: true;
}

/** What happens with a schedule on a release. `retries` undefined is Chronos' own default, 2; null where nobody knows. */
export function scheduleProblems(
  text: string,
  retries: number | undefined | null,
  release: Release,
  now = Date.now(),
): readonly ScheduleProblem[] {
  const schedule = readSchedule(text);
  if ('problem' in schedule) return [{ code: 'schedule-grammar', severity: 'error', message: schedule.problem }];
  const { repeats, start, period } = schedule;
  const three = products[release].chronos === '3.0.2';
  const chronos = productName('Chronos', release);
  const problems: ScheduleProblem[] = [];
  const tell = (code: ScheduleProblem['code'], severity: Problem['severity'], message: string) =>
    problems.push({ code, severity, message });
  if (period === 0) {
    const message = three
      ? `A period of nothing never moves on: ${chronos} finds the job due again and again. Write the time between two runs.`
      : `A period of nothing: ${chronos} answers 500 for a start that lies back. Write the time between two runs.`;
    tell('schedule-repeats', 'warning', message);
  }
  if (repeats === 0) {
    tell(
      'schedule-repeats',
      'warning',
      'R0 never runs, and the Orchestrator waits for it until its time is over. Write R1 for one run.',
    );
  } else if (repeats !== undefined && three && retries !== 0 && retries !== null) {
    const times = retries === undefined ? 'Its retries (2 where none are written)' : `Its ${retries} retries`;
    const message = `${times} are taken from the ${repeats} of R${repeats}: when the last run fails and is retried, ${chronos} goes on for ever. Write \`retries: 0\`, or leave the schedule out for one run at once.`;
    problems.push({ code: 'schedule-repeats', severity: 'warning', message, ofRetries: true });
  }
  if (start === undefined) return problems;
  const past = start < now;
  if (three && start < 1000) {
    tell('schedule-start', 'error', `${chronos} refuses a start before 1970.`);
  } else if (past && !three && repeats !== undefined && repeats > 0 && start + repeats * period <= now) {
    tell(
      'schedule-start',
      'warning',
      `All ${repeats} runs lie back: ${chronos} counts them off and never runs the job.`,
    );
  } else if (past && three && repeats !== undefined && repeats > 0) {
    tell('schedule-start', 'information', `The start lies back: ${chronos} runs the job once at once instead.`);
  }
  return problems;
}
