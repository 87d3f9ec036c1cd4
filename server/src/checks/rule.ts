// What a rule is and what it reports. Each rule has a file of its own here, named by its code; check.ts runs them all.
import type { Span } from '../syntax/nodes.ts';
import type { Part } from '../template/part.ts';
import type { Template } from '../template/template.ts';
import type { Written } from '../types/definitions.ts';
import type { Fix } from './fix.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface Finding {
  readonly at: Span;
  /** What is wrong, what was expected; whole sentences. */
  readonly message: string;
  /** The rule's own severity where absent. */
  readonly severity?: Severity;
  /** Where it is said that it must be otherwise. */
  readonly related?: { readonly at: Written; readonly message: string };
  /** What a machine can do about it, the best first. */
  readonly fixes?: readonly Fix[];
  /** It rests on the defaults of inputs: a plan, which knows their values, leaves it out. */
  readonly byDefault?: boolean;
  /** The text at fault does nothing, and may be shown so. */
  readonly unnecessary?: boolean;
}

export type Report = (finding: Finding) => void;

/** Small, pure, independent of the other rules. */
export interface Rule {
  /** Kebab-case; never changed once released. */
  readonly code: string;
  readonly severity: Severity;
  /** What of a part the rule is about: parts without it, or with none of it, are not shown to `check`. */
  readonly of?: 'file' | 'node' | 'workload' | 'typeKind' | 'calls' | 'assignments' | 'valueProblems';
  /**
   * Looks at one part. It may look at the whole template through `part.template`: what it reads there is noted, and the part is looked
   * at again when that has changed. To go through all nodes or inputs is `whole`'s business.
   */
  readonly check?: (part: Part, report: Report) => void;
  /** Looks at the template as a whole, after every edit: it must be fast where nothing has changed. */
  readonly whole?: (template: Template, report: Report) => void;
}
