// Runs all rules over a template and gathers what they find, in the order of the text. Large templates are looked at in steps.
import type { Steps } from '../steps.ts';
import { composeAll } from '../syntax/compose.ts';
import { mayChange } from '../syntax/entry-map.ts';
import type { Entry } from '../syntax/nodes.ts';
import { entryPart, filePart, type Part, partEntries } from '../template/part.ts';
import { isIgnored } from '../template/pragmas.ts';
import { holds, type Reads, watch } from '../template/reads.ts';
import type { Template } from '../template/template.ts';
import { type Checked, recall } from './memory.ts';
import type { Finding, Rule, Severity } from './rule.ts';
import { rules } from './rules.ts';

export interface CodedFinding extends Finding {
  readonly code: string;
  readonly severity: Severity;
}

/** By entry, which stays the same object as long as its text does: what was found there, and what that rests on. */
const known = new WeakMap<Entry, Checked & { readonly map: string }>();

/** All of one shape, for they are called a hundred thousand times for a long file. */
interface PartRule extends Pick<Rule, 'code' | 'severity'> {
  readonly of: Rule['of'];
  readonly check: NonNullable<Rule['check']>;
}

const partRules = rules.flatMap(({ code, severity, of, check }): PartRule[] =>
  check === undefined ? [] : [{ code, severity, of, check }],
);
/** By what they are about. */
const groups = [...new Set(partRules.map(rule => rule.of))].map(of => ({
  of,
  rules: partRules.filter(rule => rule.of === of),
}));
const wholeRules = rules.filter(rule => rule.whole !== undefined);

/**
 * Yields after each part that was looked at, so that whoever runs it can let others have their turn, or stop. `all`: also what comments
 * silence.
 */
export function* checkInSteps(template: Template, { all: tellAll = false } = {}): Steps<readonly CodedFinding[]> {
  const watched = watch(template);
  const all: CodedFinding[] = [];
  // one after the other what is done with the same code: all are parsed before the first is looked at
  for (const { entries } of partEntries(template)) yield* composeAll(entries);
  for (const { map, entries } of partEntries(template)) {
    const section = map.join(' ');
    const memory = recall(template, section, entries);
    for (const index of memory.toCheck()) {
      const entry = entries[index];
      if (entry === undefined) continue;
      const before = known.get(entry);
      // the same text may have come to stand in another map
      if (before?.map === section && holds(before.reads, template)) {
        memory.note(index, before);
        continue;
      }
      const reads: Reads = watched.begin();
      const findings = checkPart(entryPart(watched.template, entry, map));
      for (const finding of findings) if (finding.at.section !== entry.section) fromElsewhere.add(finding);
      const checked: Checked = { reads, findings };
      if (!mayChange(entry) && !reads.passing) known.set(entry, { reads, findings, map: section });
      memory.note(index, checked, mayChange(entry) || reads.passing);
      yield;
    }
    for (const { findings } of memory.keep()) all.push(...findings);
  }
  all.push(...checkPart(filePart(template)));
  for (const { code, severity, whole } of wholeRules) {
    whole?.(template, finding => all.push({ severity, ...finding, code }));
    yield;
  }
  const place = ({ at }: Finding) => at.section.place.offset + at.start;
  return saidOnce(all, place)
    .filter(finding => tellAll || !isIgnored(template.document, place(finding), finding.code))
    .sort((one, other) => place(one) - place(other));
}

/** Findings in text that stands elsewhere than the entry that brings it in, by a merge key or an alias. */
const fromElsewhere = new WeakSet<CodedFinding>();

/** What several entries bring in is wrong once. */
function saidOnce(all: readonly CodedFinding[], place: (finding: Finding) => number): readonly CodedFinding[] {
  if (all.length < 2) return all;
  const said = new Set<string>();
  const key = (finding: CodedFinding) => `${finding.code} ${place(finding)} ${finding.at.end - finding.at.start}`;
  for (const finding of all) if (!fromElsewhere.has(finding)) said.add(key(finding));
  const exact = new Set<string>();
  return all.filter(finding => {
    if (fromElsewhere.has(finding)) return !said.has(key(finding)) && said.add(key(finding));
    const whole = `${key(finding)} ${finding.message}`;
    return !exact.has(whole) && exact.add(whole);
  });
}

function checkPart(part: Part): readonly CodedFinding[] {
  const findings: CodedFinding[] = [];
  let current: PartRule | undefined;
  const report = (finding: Finding) => {
    if (current !== undefined) findings.push({ severity: current.severity, ...finding, code: current.code });
  };
  for (const { of, rules } of groups) {
    if (!has(part, of)) continue;
    for (let index = 0; index < rules.length; index++) {
      current = rules[index];
      current?.check(part, report);
    }
  }
  return findings;
}

function has(part: Part, of: Rule['of']): boolean {
  if (of === undefined) return true;
  const subject = part[of];
  return Array.isArray(subject) ? subject.length > 0 : subject !== undefined;
}
