// What a rule is and what it reports. Each rule has a file of its own here, named by its code; check.ts runs them all.
import type { Span } from '../syntax/nodes.ts';
import type { Part } from '../template/part.ts';
import type { Written } from '../types/definitions.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface Finding {
  readonly at: Span;
  /** What is wrong, what was expected; whole sentences. */
  readonly message: string;
  /** The rule's own severity where absent. */
  readonly severity?: Severity;
  /** Where it is said that it must be otherwise. */
  readonly related?: { readonly at: Written; readonly message: string };
  /** A replacement of `at` that mends it. */
  readonly fix?: { readonly title: string; readonly text: string };
}

export interface Rule {
  /** Kebab-case; never changed once released. */
  readonly code: string;
  readonly severity: Severity;
  /** Small, pure, independent of the other rules. Of other parts than this one it may look only at what `Outline` has. */
  readonly check: (part: Part, report: (finding: Finding) => void) => void;
}
